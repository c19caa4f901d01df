"""How each metric's value is written: in a sentence, in a table, and as a change."""

from collections.abc import Iterable

from engine.metrics.model import Metric, Unit
from engine.metrics.standard import STILL
from engine.report.tone import Tone
from engine.report.words import DASH, Scale, Words

#: Ratios that are so many times, not a part of a whole.
TIMES = frozenset(
    {"seats_per_account", "quick_ratio", "ltv_cac", "ltv_cac_user", "pipeline_coverage"}
)

#: What an average is taken over, for the line under a headline number.
_PER = {
    "arpu": "a user and month",
    "arpa": "an account and month",
    "arppu": "a paid seat and month",
    "arpu_annual": "a paid seat and year",
}


def headline(metric: Metric, value: float | None, words: Words) -> str:
    """The value in at most three figures and a suffix, with its currency."""
    if value is None:
        return DASH
    if metric.unit is Unit.MONEY:
        return words.compact_money(value)
    if metric.unit.is_money:
        return words.money(value) if abs(value) < 1e5 else words.compact_money(value)
    return _plain(metric, value, words, compact=True)


def figure(metric: Metric, value: float | None, words: Words, scale: Scale | None = None) -> str:
    """The value as a table shows it: amounts without currency, which stands in the subtitle.

    Without a scale, which a subtitle would tell, a long amount carries its own suffix.
    """
    if value is None:
        return DASH
    if metric.unit is Unit.MONEY and scale is None:
        own = words.scale([value])
        return words.scaled(value, own) if own.divisor == 1 else words.compact(value)
    if metric.unit is Unit.MONEY and scale is not None:
        return words.scaled(value, scale)
    if metric.unit.is_money:
        is_long = abs(value) >= 1e7
        return words.compact(value) if is_long else words.number(value, rate_digits([value], words))
    return _plain(metric, value, words, compact=False)


def rate_digits(values: Iterable[float | None], words: Words) -> int:
    """Decimals of a column of averages: the currency's, none once they are large."""
    largest = max((abs(each) for each in values if each is not None), default=0.0)
    return words.decimals if largest < 1e5 else 0


def unit(metric: Metric, words: Words) -> str:
    """``$ a user and month``: what stands under a headline number."""
    if metric.id in _PER:
        return f"{words.symbol} {_PER[metric.id]}"
    if metric.unit.is_money:
        return words.symbol
    if metric.unit is Unit.COUNT:
        return "number"
    return "times" if metric.id in TIMES else "share"


def name_with_unit(metric: Metric, name: str) -> str:
    """``CAC payback, months``: the name of a row whose figures show no unit."""
    return f"{name}, {metric.unit.value}" if metric.unit in (Unit.MONTHS, Unit.DAYS) else name


def is_share(metric: Metric) -> bool:
    """Whether the value is a part of a whole, so that its change is told in points."""
    return metric.unit in (Unit.RATIO, Unit.RATIO_PER_MONTH) and metric.id not in TIMES


def relative(value: float | None, base: float | None) -> float | None:
    """The change as a part of the base; None where that would mislead (a base not above 0)."""
    if value is None or base is None or base <= 0:
        return None
    return value / base - 1


def change(metric: Metric, value: float | None, base: float | None, words: Words) -> str:
    """``+3.2%``, or in points for a share; a dash where there is nothing to compare with."""
    if is_share(metric):
        return DASH if value is None or base is None else words.points(value - base)
    part = relative(value, base)
    return DASH if part is None else words.change(part)


def changed(metric: Metric, value: float | None, base: float | None) -> float | None:
    """What ``change`` says, as a number: of a share the difference, else a part of the base."""
    if not is_share(metric):
        return relative(value, base)
    return None if value is None or base is None else value - base


def tone(metric: Metric, value: float | None, base: float | None) -> Tone:
    """Good or bad by what the definition says is better; plain within half a per mille."""
    if metric.is_neutral or value is None or base is None:
        return Tone.PLAIN
    if abs(value - base) <= abs(base) * STILL:
        return Tone.PLAIN
    return Tone.GOOD if (value > base) == metric.higher_is_better else Tone.BAD


def _plain(metric: Metric, value: float, words: Words, *, compact: bool) -> str:
    if metric.unit is Unit.COUNT:
        return words.compact(value) if compact else words.number(value)
    if metric.unit in (Unit.MONTHS, Unit.DAYS):
        return words.number(value, 1)
    return words.number(value, 2) if metric.id in TIMES else words.share(value)
