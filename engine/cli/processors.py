"""How many processors this command may use, and how its processes share them."""

import os


def processors() -> int:
    """Those that this process may run on, where the system tells; else all."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def share_processors(processes: int) -> None:
    """Lets the processes to come have as many threads together as there are processors."""
    os.environ.setdefault("POLARS_MAX_THREADS", str(max(1, processors() // processes)))
