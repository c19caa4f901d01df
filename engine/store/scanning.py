"""How Polars is to reach an object store: by the same variables and as patiently as ``bucket``."""

from typing import TypedDict

from engine.store.bucket import GIVEN_UP, TRIES

#: Polars and this project both read the standard variables; a provider of Polars' own would
#: ask boto3 where that is installed, and so reach what listing cannot.
_LIKE_LISTING = {
    "allow_http": "true",
    "connect_timeout": "5s",
    "timeout": "120s",  # of one request, which may be of 64 MB
    "max_retries": TRIES,
    "retry_timeout_ms": int(GIVEN_UP.total_seconds() * 1_000),
}


class Reach(TypedDict, total=False):
    """Arguments of ``pl.scan_parquet``."""

    storage_options: dict[str, str | int]
    credential_provider: None


def reach(path: str) -> Reach:
    """Arguments to scan the path with; none for a file of this machine."""
    if "://" not in path or path.startswith("file://"):
        return {}
    return {"storage_options": dict(_LIKE_LISTING), "credential_provider": None}
