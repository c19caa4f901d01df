"""Parts ``tables`` and ``pack``: facts and everything that is made from them."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from tests.benchmarks.printing import costs, say
from tests.benchmarks.tidy import difference, tidy
from tests.benchmarks.turns import PEERS, Side, take

_HERE = "tests.benchmarks"
_LIMIT = "limit"

#: More lines than this are more than pandas holds.
_PANDAS_HOLDS = 20_000_000


def tables(place: Path, lines: int, rounds: int) -> None:
    """The tables of ``tables.ASKS`` in every engine, all equal before a time is printed.

    The peers do not allow for groups that are empty, as they are below 200,000 lines.
    """
    say("### The tables of a pack: Quarterdeck, DuckDB and pandas\n")
    sides = [Side(_LIMIT, f"{_HERE}.facts:tables_limit"), *_engines(lines)]
    peers = [side.name for side in sides if side.is_peer]
    taken = take(sides, place, rounds, lambda: _require_equal(place, peers))
    for name in peers:
        say(f"Every figure equal in Quarterdeck and {name}.\n")
    costs(taken, (_LIMIT, *peers))


def _require_equal(place: Path, peers: Sequence[str]) -> None:
    ours = pl.read_parquet(place / "quarterdeck.parquet")
    told = tidy(ours.unique(("metric", "period", "group")))
    for name in peers:
        wrong = difference(told, pl.read_parquet(place / f"{name.lower()}.parquet"))
        assert wrong.is_empty(), f"{name}: {wrong}"


def _engines(lines: int) -> list[Side]:
    """Ourselves, then those peers that are installed and can hold so many lines."""
    sides = [
        Side("Quarterdeck", f"{_HERE}.facts:tables"),
        Side("Quarterdeck as a command runs, kept for the next one", f"{_HERE}.facts:tables_kept"),
    ]
    if not PEERS.is_dir():
        say("Without DuckDB and pandas, which `make bench` installs.\n")
        return sides
    sides.append(Side("DuckDB", f"{_HERE}.duck:tables", is_peer=True))
    if lines > _PANDAS_HOLDS:
        say("Without pandas, which cannot hold so many lines.\n")
        return sides
    return [*sides, Side("pandas", f"{_HERE}.pandas_tables:tables", is_peer=True)]


def pack(place: Path, lines: int, rounds: int) -> None:
    """Every number of a whole pack by four dimensions, by either source of MRR."""
    say("### All numbers of a pack by four dimensions\n")
    sides = [
        Side(_LIMIT, f"{_HERE}.facts:pack_limit"),
        *(
            Side(f"MRR from {source}", f"{_HERE}.facts:pack", (source,))
            for source in ("invoices", "subscriptions")
        ),
    ]
    costs(take(sides, place, rounds), (_LIMIT,))
