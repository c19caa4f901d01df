"""What a pack comes to: itself, or one edition for each group that it is burst into."""

import polars as pl

from engine.analysis import Analysis
from engine.edition import Edition
from engine.metrics.numbers import Numbers, Request
from engine.period import Period
from engine.settings.pack import Pack


def editions(analysis: Analysis, pack: Pack, period: Period) -> tuple[Edition, ...]:
    """The pack itself, or one for each group of ``burst_by`` that has or had MRR lately."""
    if not pack.burst_by:
        return (Edition(analysis, pack, period),)
    labels = (period.label, period.before().label)
    rows = analysis.numbers([Request(("mrr",), labels, (pack.burst_by,))], pack.filters)
    living = Numbers(rows.filter(pl.col("value") != 0)).groups(pack.burst_by)
    groups = sorted({group[pack.burst_by] for group in living})
    return tuple(Edition(analysis, pack, period, group) for group in groups)
