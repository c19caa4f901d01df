"""The headline numbers: which ones a company has, and each as a tile."""

from collections.abc import Mapping

from engine.report.blocks import Tile
from engine.report.charts.sparkline import sparkline
from engine.report.formats import headline
from engine.report.judged import judged
from engine.report.material import Material
from engine.report.measures import MONTHLY
from engine.report.phrases import SHORT
from engine.report.table import Cell

#: In the order of preference, with the line under each name. The first eight that there are
#: get a tile, so none is empty while another has something to say.
TILES: Mapping[str, str] = {
    "mrr": "recurring revenue a month",
    "arpu": "recurring revenue a user",
    "arpa": "recurring revenue an account",
    "accounts": "that pay",
    "nrr": "of last year’s customers’ MRR",
    "ltv_cac": "times an account earns its cost",
    "logo_churn": "of accounts go in a month",
    "paid_seats": "user seats paid for",
    "cac_payback_months": "months to earn back CAC",
    "quick_ratio": "times gains cover losses",
    "arppu": "recurring revenue a paid seat",
    "grr": "of last year’s MRR kept",
    "users": "paid and free",
    "top10_share": "of MRR, ten largest accounts",
    "seats_per_account": "paid seats an account",
    "arpa_median": "the account in the middle",
    "new_accounts": "that paid for the first time",
    "arr": "recurring revenue a year",
}
COUNT, ACROSS = 8, 4
_SEATS = frozenset({"paid_seats", "users", "seats_per_account"})
_WIDTH, _HEIGHT, _SPARK_MONTHS = 112.0, 20.0, 13


def tiled(material: Material) -> tuple[str, ...]:
    """Metrics that get a tile; whole rows of them, and one row of blanks if there are none."""
    told = [name for name in TILES if material.value(name) is not None]
    known = [each for each in told if _is_used(material, each)]
    known = known if len(known) >= ACROSS else told
    if len(known) < ACROSS:
        rest = [name for name in TILES if name not in known]
        return tuple((known + rest)[:ACROSS])
    return tuple(known[: COUNT if len(known) >= COUNT else ACROSS])


def _is_used(material: Material, name: str) -> bool:
    """Whether there is or was any of it: a company that bills no seats has none for a tile."""
    return name not in _SEATS or any(material.series(name, material.span.history))


def passed_over(material: Material) -> tuple[str, ...]:
    """Why metrics that come first have no tile, a sentence a reason."""
    shown = tiled(material)
    numbers = [material.number(name) for name in list(TILES)[:COUNT] if name not in shown]
    return material.reasons(numbers)


def tile(material: Material, name: str) -> Tile:
    """The number with its changes, its standing and its trend."""
    number, metric = material.number(name), material.metric(name)
    changes = material.changes(name) if number.value is not None else ()
    return Tile(
        label=SHORT[name],
        value=Cell(headline(metric, number.value, material.words), number),
        unit=TILES[name],
        changes=changes,
        spark=_spark(material, name),
        note=number.reason or ("" if changes else "nothing earlier to compare with"),
        standing=judged(material, name),
    )


def _spark(material: Material, name: str) -> str:
    """The last year by month, or where only periods are counted, those of the trend."""
    is_monthly = name in MONTHLY
    periods = material.span.months[-_SPARK_MONTHS:] if is_monthly else material.span.trend
    history = material.series(name, periods)
    known = [value for value in history if value is not None]
    if not known:
        return ""
    metric = material.metric(name)
    ends = [headline(metric, value, material.words) for value in (known[0], known[-1])]
    first, last = (material.short(each) for each in (periods[0], periods[-1]))
    title = f"{metric.title}, {first} to {last}: {' to '.join(ends)}"
    return sparkline(history, material.look, title=title, width=_WIDTH, height=_HEIGHT)
