"""Exact money: Int64 micro-units, rational factors, half-even rounding, no silent wrap.

A product or quotient that does not fit Int64 becomes null here; ``checked`` turns such nulls
into a DataError where a fact is materialised.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache
from math import lcm

import polars as pl

from engine.errors import DataError
from engine.period import month_start

#: Micro-units in one major unit.
MICRO = 1_000_000

#: What a whole fact may add up to, so that no part's sum wraps: 4.6 trillion major units.
LARGEST_SUM = 2**62

#: Below this, a quotient of two floats made of integers is off by less than one.
NARROW = 2**50

#: A denominator that leaves room for three times itself.
NARROW_FACTOR = 2**60

_INT128_SAFE = 1.6e38


@cache
def exponent(currency: str) -> int:
    """Digits of the currency's minor unit by ISO 4217; unknown codes are a DataError."""
    from iso4217 import Currency

    try:
        digits = Currency(currency).exponent
    except ValueError:
        digits = None
    if digits is None:
        raise DataError(
            "currency-unknown",
            f"`{currency[:12]}` is not an ISO 4217 currency with a minor unit",
            hint="export currencies as three-letter ISO 4217 codes, e.g. USD, EUR, JPY",
        )
    return digits


def micro_per_minor(currency: str) -> int:
    """Micro-units of the currency in one of its minor units: 10,000 for USD, 10**6 for JPY."""
    return 10 ** (6 - exponent(currency))


def half_even(top: pl.Expr, bottom: pl.Expr) -> pl.Expr:
    """``top / bottom`` rounded half to even as Int64; null where the result does not fit.

    Args:
        top: Int128 (or Int64 that was multiplied without wrapping).
        bottom: Same type as ``top``, above zero.
    """
    quotient = top // bottom
    twice_rest = (top - quotient * bottom) * 2
    is_odd = (quotient & 1) == 1
    up = (twice_rest > bottom) | ((twice_rest == bottom) & is_odd)
    return (quotient + up.cast(pl.Int8)).cast(pl.Int64, strict=False)


def scaled(amount: pl.Expr, top: str = "top", bottom: str = "bottom") -> pl.Expr:
    """``amount × top / bottom`` rounded half to even as Int64; null where it does not fit.

    Nothing stays nothing, whatever the factor, and known or not.

    Args:
        amount: Int64.
        top: Name of an Int128 column, the factor's numerator.
        bottom: Name of an Int128 column, its denominator, above zero.
    """
    fits = (amount.cast(pl.Float64) * pl.col(top).cast(pl.Float64)).abs() < _INT128_SAFE
    product = pl.when(fits).then(amount.cast(pl.Int128) * pl.col(top))
    as_is = (amount == 0) | (pl.col(top) == pl.col(bottom))
    return pl.when(as_is).then(amount).otherwise(half_even(product, pl.col(bottom)))


def narrowly_scaled(
    rows: pl.LazyFrame, results: Mapping[str, tuple[str, str, str]]
) -> pl.LazyFrame:
    """The rows with several ``scaled`` columns in 64 bits, without the slow division of integers.

    The quotient of floats is off by less than one where it is below ``NARROW``; the rest of the
    division, which is exact even where the product wraps, tells the nearest integer. Each step
    is a column of its own: within one expression Polars would take it several times.

    Args:
        results: Each new column's amount (Int64, its quotient below ``NARROW``), numerator (Int64,
            at least zero) and denominator (Int64, above zero, at most ``NARROW_FACTOR``).
    """
    near = [
        (pl.col(amount).cast(pl.Float64) * (pl.col(top).cast(pl.Float64) / pl.col(bottom)))
        .round()
        .cast(pl.Int64)
        .alias(f"{name} near")
        for name, (amount, top, bottom) in results.items()
    ]
    rests = [
        ((pl.col(amount) * pl.col(top) - pl.col(f"{name} near") * pl.col(bottom)) * 2).alias(
            f"{name} rest"
        )
        for name, (amount, top, bottom) in results.items()
    ]
    scaled = [_corrected(name, bottom).alias(name) for name, (_, _, bottom) in results.items()]
    steps = [f"{name} {step}" for name in results for step in ("near", "rest")]
    return rows.with_columns(near).with_columns(rests).with_columns(scaled).drop(steps)


def _corrected(name: str, bottom: str) -> pl.Expr:
    """``near``, or the next integer where twice the rest is more than the denominator.

    Of two as near as each other, the even one: the rest is even, so that one more for an odd
    ``near`` is more than the denominator only where the rest was all of it.
    """
    near, twice_rest = pl.col(f"{name} near"), pl.col(f"{name} rest")
    is_off = twice_rest.abs() + (near & 1) > pl.col(bottom)
    return near + pl.when(is_off).then(twice_rest.sign()).otherwise(0)


def factor_columns(factors: Sequence[Fraction]) -> tuple[pl.Series, pl.Series]:
    """The factors as two Int128 columns, ``top`` and ``bottom``, in lowest terms."""
    tops = pl.Series("top", [each.numerator for each in factors], dtype=pl.Int128)
    bottoms = pl.Series("bottom", [each.denominator for each in factors], dtype=pl.Int128)
    return tops, bottoms


class Rates:
    """Exchange rates into the reporting currency, read as their shortest decimals."""

    def __init__(self, currency: str, rates: Mapping[tuple[str, int], Fraction]) -> None:
        """Takes units of ``currency`` for one unit of (currency, month number)."""
        self.currency = currency
        self._rates = rates

    @classmethod
    def read(cls, currency: str, fx_rates: pl.DataFrame | None) -> "Rates":
        """From the rows of billing/fx_rates that lead to the reporting currency."""
        if fx_rates is None:
            return cls(currency, {})
        rows = fx_rates.filter(pl.col("to_currency") == currency)
        number = pl.col("month").dt.year().cast(pl.Int64) * 12 + pl.col("month").dt.month() - 1
        columns = rows.select("from_currency", number.alias("number"), "rate").iter_rows()
        return cls(currency, {(code, month): Fraction(repr(rate)) for code, month, rate in columns})

    @property
    def currencies(self) -> frozenset[str]:
        """Currencies with a rate in some month, and the reporting currency."""
        return frozenset(code for code, _ in self._rates) | {self.currency}

    def rate(self, currency: str, month: int) -> Fraction:
        """Units of the reporting currency for one of ``currency``; missing is a DataError."""
        if currency == self.currency:
            return Fraction(1)
        if (currency, month) not in self._rates:
            raise self._missing(currency, month)
        return self._rates[currency, month]

    def highest(self, currency: str) -> float:
        """The highest rate from the currency in any month; zero if there is none."""
        found = (rate for (code, _), rate in self._rates.items() if code == currency)
        return float(max(found, default=Fraction(currency == self.currency)))

    def denominator(self, currency: str) -> int:
        """The least that all rates from the currency are whole numbers of."""
        found = (rate for (code, _), rate in self._rates.items() if code == currency)
        return lcm(*(rate.denominator for rate in found))

    def has(self, currency: str, month: int) -> bool:
        """Whether ``rate`` would answer."""
        return currency == self.currency or (currency, month) in self._rates

    def over(self, older: "Rates") -> "Rates":
        """These rates, and the older ones for the currencies and months that these lack."""
        return Rates(self.currency, {**older._rates, **self._rates})  # noqa: SLF001  its own kind

    def revisions(self, older: "Rates") -> tuple[tuple[str, int], ...]:
        """Currency and month number of the older rates that are other ones here."""
        both = self._rates.keys() & older._rates.keys()  # noqa: SLF001  its own kind
        found = (each for each in both if self._rates[each] != older._rates[each])  # noqa: SLF001
        return tuple(sorted(found))

    def _missing(self, currency: str, month: int) -> DataError:
        known = sorted(number for code, number in self._rates if code == currency)
        span = f"{month_start(known[0]):%Y-%m} to {month_start(known[-1]):%Y-%m}" if known else ""
        return DataError(
            "rate-missing",
            f"no rate from {currency} to {self.currency} for {month_start(month):%Y-%m}",
            where=f"billing/fx_rates holds {currency} for {span or 'no month'}",
            note="an amount without a rate cannot be counted, and is not left out silently",
            hint=f"add the row month={month_start(month)}, from_currency={currency}, "
            f"to_currency={self.currency}, rate=… and export again",
        )


def checked(fact: pl.DataFrame, money: Sequence[str], what: str) -> pl.DataFrame:
    """The fact itself; DataError where a money column holds an overflow or could wrap in a sum."""
    return next(all_checked([fact], money, what))


def all_checked(
    facts: Iterable[pl.DataFrame], money: Sequence[str], what: str
) -> Iterator[pl.DataFrame]:
    """The same of a fact in several tables, one by one."""
    totals = dict.fromkeys(money, 0.0)
    for fact in facts:
        for column in money:
            totals[column] += float(fact[column].cast(pl.Float64).abs().sum())
            if fact[column].null_count() or totals[column] > LARGEST_SUM:
                raise _too_large(what, column)
        yield fact


def _too_large(what: str, column: str) -> DataError:
    return DataError(
        "money-overflow",
        f"amounts of {what} are too large to be added up exactly ({column})",
        note="money is counted in 64-bit micro-units: 4.6 trillion in all may be held",
        hint="look for amounts exported in the wrong unit (minor units are expected)",
    )
