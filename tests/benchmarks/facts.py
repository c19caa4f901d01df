"""What a full pack's numbers cost, beside only decoding the columns that they are made from."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import polars as pl

from engine.metrics.asks import Ask
from tests.benchmarks.span import AS_OF, QUARTER
from tests.benchmarks.tables import ASKS

DIMENSIONS = ("segment", "region", "channel", "product")

#: Columns that a pack cut by ``DIMENSIONS`` counts invoice lines by.
COLUMNS = (
    "account_id",
    "product",
    "charge_type",
    "entry_type",
    "amount",
    "discount",
    "currency",
    "service_from",
    "service_to",
    "invoiced_on",
)

Outcome = Mapping[str, object]


def decoded(root: Path) -> Outcome:
    """The columns of every line, and nothing else."""
    frame = pl.scan_parquet(root / f"{AS_OF}/billing/invoice_lines/*.parquet")
    counts = frame.select(pl.len().alias(" rows"), pl.col(COLUMNS).null_count())
    return {"rows": counts.collect(engine="streaming").item(0, 0)}


def tables(root: Path) -> Outcome:
    """The tables that every engine makes, MRR from invoices."""
    return _counted(root, "invoices", ASKS)


def pack(root: Path, source: str) -> Outcome:
    """Everything that the pages of a pack ask, counted from this source of MRR."""
    from engine.period import Period
    from engine.report.pack import asks

    return _counted(root, source, asks(Period.parse(QUARTER), DIMENSIONS))


def _counted(root: Path, source: str, asks: Iterable[Ask]) -> Outcome:
    """Rows, known values and a digest of what answers these."""
    from engine.analysis import Analysis
    from engine.config import Configuration, Workspace
    from engine.intake.outcome import Verdict
    from engine.intake.snapshot import open_snapshot
    from engine.policy import Policy

    configuration = Configuration.model_validate({"workspace": {"snapshots": str(root)}})
    snapshot = open_snapshot(str(root))
    analysis = Analysis(
        Workspace(root, configuration), snapshot, Policy(mrr_source=source), Verdict("", (), ())
    )
    rows = analysis.numbers(tuple(asks))
    text = rows.sort("metric", "period", "by", "group").write_csv(float_precision=9)
    values = rows.select(pl.col("value").is_not_null().sum()).item()
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return {"rows": rows.height, "values": values, "digest": digest}


SIDES: Mapping[str, Callable[[Path], Outcome]] = {
    "decode": decoded,
    "tables": tables,
    "invoices": lambda root: pack(root, "invoices"),
    "subscriptions": lambda root: pack(root, "subscriptions"),
}
