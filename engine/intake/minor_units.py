"""Whether a currency's amounts are written in other units than its own minor ones."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import floor, log10

import polars as pl

from engine.intake.findings import Finding
from engine.intake.profile import Profile
from engine.money import exponent
from schemas.canonical.currencies import currencies

#: Prices from which a currency's level is told from chance.
_ENOUGH = 20

#: How far a level must be off; a slip is a hundred times, customers abroad buy bigger or smaller.
_OFF_BEFORE, _OFF_OTHERS = 20, 40


@dataclass(frozen=True, slots=True)
class Level:
    """The mean of a currency's prices, in major units, and of how many it is."""

    currency: str
    price: float
    prices: int


def units_finding(
    now: Profile, before: Profile | None, worth: Mapping[str, float]
) -> Finding | None:
    """One finding with the currencies whose prices are many times those before, or of others.

    Args:
        before: The same table in the snapshot before.
        worth: Currency → what one of it is in the reporting currency.
    """
    levels = {each.currency: each for each in _levels(now)}
    old = {each.currency: each for each in _levels(before)} if before else {}
    told: list[tuple[int, str]] = []
    for level in levels.values():
        if level.currency in old:
            told += _beside_before(level, old[level.currency])
        else:
            told += _beside_others(level, list(levels.values()), worth)
    if not told:
        return None
    hint = "write amounts in the currency's minor unit: cents, but whole yen and fils of a dinar"
    rows, examples = sum(count for count, _ in told), tuple(text for _, text in told[:3])
    return Finding(now.table, "minor-units", "amount", rows, examples, hint)


def _beside_before(level: Level, old: Level) -> list[tuple[int, str]]:
    if not _is_off(level.price / old.price, _OFF_BEFORE):
        return []
    text = f"{_described(level)}, {_about(old.price)} in the snapshot before"
    return [(level.prices, text)]


def _beside_others(
    level: Level, levels: Sequence[Level], worth: Mapping[str, float]
) -> list[tuple[int, str]]:
    """Against the currency with the most prices, unless it is that one itself."""
    known = [each for each in levels if each.currency in worth]
    main = max(known, key=lambda each: (each.prices, each.currency), default=level)
    if main is level or level.currency not in worth:
        return []
    usual = main.price * worth[main.currency] / worth[level.currency]
    if not _is_off(level.price / usual, _OFF_OTHERS):
        return []
    text = f"{_described(level)}; those in {main.currency} come to {_about(usual)} {level.currency}"
    return [(level.prices, text)]


def _described(level: Level) -> str:
    return f"{level.prices:,} prices in {level.currency} have a mean of {_about(level.price)}"


def _about(price: float) -> str:
    """Three figures of it, as nobody compares means by more."""
    digits = 2 - floor(log10(price))
    return f"{round(price, digits):,.{max(digits, 0)}f}"


def _is_off(ratio: float, times: float) -> bool:
    return ratio > times or ratio * times < 1


def _levels(found: Profile) -> Iterator[Level]:
    known = found.frame.filter(pl.col("currency").is_in(sorted(currencies())))
    sums = known.group_by("currency").agg(pl.col("prices", "priced").sum()).sort("currency")
    for code, prices, priced in sums.select("currency", "prices", "priced").rows():
        if prices >= _ENOUGH:
            yield Level(code, priced / prices / 10 ** exponent(code), prices)
