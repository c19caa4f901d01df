"""Object stores (``s3://``, ``gs://``, ``az://``), reached with the machine's own credentials."""
