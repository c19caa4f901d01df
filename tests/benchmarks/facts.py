"""What the numbers of a pack cost, beside only decoding the columns that they are made from."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

import polars as pl

from tests.benchmarks.span import AS_OF, QUARTER
from tests.benchmarks.turns import Outcome

DIMENSIONS = ("segment", "region", "channel", "product")

#: Columns of invoice lines that the tables of the comparison are counted by.
TABLE_COLUMNS = (
    "account_id",
    "product",
    "charge_type",
    "amount",
    "discount",
    "currency",
    "service_from",
    "service_to",
    "invoiced_on",
)

#: Columns that a pack cut by ``DIMENSIONS`` counts them by.
PACK_COLUMNS = (*TABLE_COLUMNS, "entry_type")


def tables_limit(place: Path) -> Outcome:
    """The columns that the tables need of every line, decoded and nothing else."""
    return _decoded(place, TABLE_COLUMNS)


def pack_limit(place: Path) -> Outcome:
    """The columns that a pack needs of every line."""
    return _decoded(place, PACK_COLUMNS)


def _decoded(place: Path, columns: Sequence[str]) -> Outcome:
    frame = pl.scan_parquet(place / f"snapshots/{AS_OF}/billing/invoice_lines/*.parquet")
    counts = frame.select(pl.len().alias(" rows"), pl.col(columns).null_count())
    return {"rows": counts.collect(engine="streaming").item(0, 0)}


def tables(place: Path) -> Outcome:
    """The tables that every engine makes, MRR from invoices; written beside the data."""
    return _tables(place, _nowhere(place))


def tables_kept(place: Path) -> Outcome:
    """The same as a command does it: what each part of the lines came to is kept, too."""
    with TemporaryDirectory(dir=place) as state:
        return _tables(place, Path(state))


def _tables(place: Path, state: Path) -> Outcome:
    found = numbers(place, "invoices", asked("tables"), state=state)
    found.write_parquet(place / "quarterdeck.parquet")
    return told(found)


def _nowhere(place: Path) -> Path:
    """A file in a folder's place, so that nothing can be kept there."""
    (place / "nowhere").touch()
    return place / "nowhere"


def pack(place: Path, source: str) -> Outcome:
    """Everything that the pages of a pack ask, counted from this source of MRR."""
    return told(numbers(place, source, asked("pack"), state=_nowhere(place)))


def asked(what: str) -> tuple:
    """What the tables of the comparison, or the pages of a pack, ask."""
    from engine.period import Period
    from engine.report.pack import asks
    from tests.benchmarks.tables import ASKS

    return ASKS if what == "tables" else tuple(asks(Period.parse(QUARTER), DIMENSIONS))


def numbers(
    place: Path,
    source: str,
    asks: Iterable,
    cluster: Mapping = MappingProxyType({}),
    state: Path = Path(".quarterdeck"),
) -> pl.DataFrame:
    """The answers over the company, counted with that table ``[cluster]``."""
    from engine.analysis import Analysis
    from engine.config import Configuration, Workspace
    from engine.intake.outcome import Verdict
    from engine.intake.snapshot import open_snapshot
    from engine.policy import Policy

    places = {"snapshots": "snapshots", "state": str(state)}
    settings = {"workspace": places, "cluster": dict(cluster)}
    workspace = Workspace(place, Configuration.model_validate(settings))
    snapshot = open_snapshot(str(place / "snapshots"))
    analysis = Analysis(workspace, snapshot, Policy(mrr_source=source), Verdict("", (), ()))
    return analysis.numbers(tuple(asks))


def told(numbers: pl.DataFrame) -> Outcome:
    """Rows, known values and a digest of numbers."""
    text = numbers.sort("metric", "period", "by", "group").write_csv(float_precision=9)
    values = numbers.select(pl.col("value").is_not_null().sum()).item()
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return {"rows": numbers.height, "values": values, "digest": digest}
