"""Numbers and dates as readers see them: the workspace's locale for figures, English for words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from math import floor, log10
from unicodedata import bidirectional

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_decimal, get_currency_precision, get_currency_symbol

from engine.period import month_start

DASH = "–"
_MINUS, _NARROW = "−", "\u00a0"
_STEPS = ((1e12, "tn", "trillion"), (1e9, "bn", "billion"), (1e6, "m", "million"))
_COMPACT = (*((size, short) for size, short, _ in _STEPS), (1e3, "k"), (1.0, ""))


@dataclass(frozen=True, slots=True)
class Scale:
    """What the amounts of one table or chart are divided by, and how its subtitle says so."""

    divisor: float
    unit: str
    digits: int


@dataclass(frozen=True)
class Words:
    """Formatting for one locale and currency.

    Attributes:
        locale: Decides separators, and on which side of an amount the currency stands.
        currency: ISO 4217 code of every amount.
    """

    locale: str
    currency: str

    def number(self, value: float, digits: int = 0) -> str:
        """``1,318.40``, with a real minus sign; what rounds to zero has none."""
        text = _decimal(round(value, digits) + 0.0, digits, self.locale)
        return text.replace("-", _MINUS)

    def signed(self, value: float, digits: int = 0) -> str:
        """``+62`` or ``−36``; what rounds to zero has no sign."""
        return ("+" if round(value, digits) > 0 else "") + self.number(value, digits)

    def share(self, value: float, digits: int = 1) -> str:
        """``75.3%``."""
        return self._percent(self.number(value * 100, digits))

    def change(self, value: float) -> str:
        """``+3.2%``: a relative change, with fewer digits the larger it is."""
        if abs(value) >= 10:
            return ">" + self._percent(self.signed(999)) if value > 0 else self._percent("<−999")
        return self._percent(self.signed(value * 100, 0 if abs(value) >= 0.9995 else 1))

    def points(self, value: float) -> str:
        """``+1.2 pts``: a difference between two shares."""
        return f"{self.signed(value * 100, 1)} pts"

    def money(self, value: float, digits: int | None = None) -> str:
        """``$1,318,402``; by itself it takes the currency's decimals below a thousand."""
        if digits is None:
            digits = self.decimals if abs(value) < 1000 else 0
        return self._amount(value, digits, "")

    def compact_money(self, value: float) -> str:
        """``$1.32m``: three figures that matter."""
        number, digits, suffix = _compact(value, self.decimals)
        return self._amount(number, digits, suffix)

    def compact(self, value: float) -> str:
        """``1.32m``; counts below a million stay whole."""
        number, digits, suffix = _compact(value, 0) if abs(value) >= 1e6 else (value, 0, "")
        return self.number(number, digits) + suffix

    def scale(self, values: Iterable[float | None], *, most: int = 7) -> Scale:
        """The smallest division after which no amount has more than ``most`` whole digits."""
        largest = max((abs(each) for each in values if each is not None), default=0.0)
        limit = 10.0**most
        for divisor, name in ((1.0, ""), (1e3, "thousand"), (1e6, "million"), (1e9, "billion")):
            if largest / divisor < limit:
                digits = 1 if divisor > 1 else self.decimals if largest < 1000 else 0
                return Scale(divisor, f"{self.symbol} {name}".strip(), digits)
        return Scale(1e12, f"{self.symbol} trillion", 1)

    def scaled(self, value: float, scale: Scale) -> str:
        """The amount as a table of that scale shows it."""
        return self.number(value / scale.divisor, scale.digits)

    def day(self, day: date) -> str:
        """``30 September 2026``, in the order that the territory writes it."""
        return format_date(day, "long", locale=self._english)

    def short_day(self, day: date) -> str:
        """``30 Sep 2026``, in the order that the territory writes it."""
        return format_date(day, "medium", locale=self._english)

    def month(self, number: int) -> str:
        """``Sep 2026``."""
        return format_date(month_start(number), "LLL yyyy", locale=self._english)

    def short_month(self, number: int) -> str:
        """``Sep ’26``."""
        return format_date(month_start(number), "LLL ’", locale=self._english) + (
            f"{month_start(number):%y}"
        )

    @cached_property
    def symbol(self) -> str:
        """``$``, ``€``, ``CHF``; the code where the symbol is written in another script."""
        local = get_currency_symbol(self.currency, self._english)
        symbol = min(local, get_currency_symbol(self.currency, "en"), key=len)
        is_foreign = any(bidirectional(each) in {"R", "AL"} for each in symbol)
        return self.currency if is_foreign else symbol

    @cached_property
    def decimals(self) -> int:
        """Decimals of the currency: 2 for most, 0 for yen."""
        return get_currency_precision(self.currency)

    def _amount(self, value: float, digits: int, suffix: str) -> str:
        number = self.number(abs(value), digits) + suffix
        sign = _MINUS if round(value, digits) < 0 else ""
        if not self._stands_before:
            return f"{sign}{number}{_NARROW}{self.symbol}"
        gap = _NARROW if self.symbol[-1].isalpha() else ""
        return f"{sign}{self.symbol}{gap}{number}"

    def _percent(self, number: str) -> str:
        pattern = Locale.parse(self._separators).percent_formats[None].pattern
        return number + ("%" if pattern.endswith("0%") else f"{_NARROW}%")

    @property
    def _separators(self) -> str:
        return self.locale.replace("-", "_")

    @cached_property
    def _stands_before(self) -> bool:
        pattern = Locale.parse(self._separators).currency_formats["standard"].pattern
        return pattern.lstrip("\u200f\u200e").startswith("¤")

    @cached_property
    def _english(self) -> Locale:
        territory = Locale.parse(self._separators).territory
        try:
            return Locale.parse(f"en_{territory}") if territory else Locale.parse("en_GB")
        except UnknownLocaleError:
            return Locale.parse("en_GB")


def _compact(value: float, decimals: int) -> tuple[float, int, str]:
    """The number in front of its suffix, with the digits that make three figures."""
    size = abs(value)
    if size < 1000:
        return value, decimals if size < 100 and value else 0, ""
    rounded = round(size, 2 - floor(log10(size)))
    divisor, suffix = next(step for step in _COMPACT if rounded >= step[0])
    whole = floor(log10(rounded / divisor)) + 1
    return value / divisor, max(3 - whole, 0), suffix


@lru_cache(maxsize=8)
def _pattern(digits: int) -> str:
    return "#,##0" + ("." + "0" * digits if digits else "")


def _decimal(value: float, digits: int, locale: str) -> str:
    return format_decimal(value, format=_pattern(digits), locale=locale.replace("-", "_"))
