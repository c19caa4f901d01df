"""``[cluster]``: other machines that count, and into how many buckets accounts are dealt."""

from pydantic import Field

from engine.settings.base import Table


class Cluster(Table):
    """Where counting is done; by default here, all accounts at once.

    Attributes:
        scheduler: Address of a Dask scheduler, ``tcp://host:8786`` or ``tls://…``; empty: here.
        buckets: How many sets accounts are dealt into, each counted for itself; 0: one a thread
            of the workers, and more where a bucket would be large.
        wait_seconds: How long to wait for the scheduler, for its first worker, and for one to come
            back once all are gone.
    """

    scheduler: str = Field(default="", pattern=r"^$|^(tcp|tls)://.+")
    buckets: int = Field(default=0, ge=0, le=10_000)
    wait_seconds: int = Field(default=10, ge=1)
