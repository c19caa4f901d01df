"""What a command shows: results on standard output, everything else on standard error."""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from time import perf_counter


def say(text: str) -> None:
    """A line for the person who watches; never mixed with results."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


@contextmanager
def step(text: str) -> Generator[None]:
    """Shows what is being done, and on success how long it took."""
    live = sys.stderr.isatty()
    if live:
        sys.stderr.write(f"  … {text}")
        sys.stderr.flush()
    start = perf_counter()
    yield
    say(f"{chr(13) if live else ''}  ✓ {text}  {perf_counter() - start:.1f} s")
