"""What every line is in every month, in pandas and NumPy: one pass, a file at a time.

Only the columns that count are read, of recurring lines alone and coded as they lie in Parquet;
account, product and month are one number to group by; nothing is rounded but by whole numbers,
whose products stay below 2**63 (checked).
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from tests.benchmarks.span import AS_OF, FIRST, LAST

_COLUMNS = (
    "account_id",
    "product",
    "charge_type",
    "amount",
    "discount",
    "currency",
    "service_from",
    "service_to",
)
_CURRENCIES = ("USD", "EUR", "GBP", "JPY", "AUD", "CAD")
_UNITS = np.array([1_000_000 if code == "JPY" else 10_000 for code in _CURRENCIES])
_SPAN = LAST - FIRST + 1
_EPOCH = 1970 * 12

#: The day that each month of the span and the one after it begin on, as a number.
_BEGINS = (
    np.arange(FIRST - _EPOCH, LAST - _EPOCH + 2).astype("M8[M]").astype("M8[D]").astype("int64")
)

#: Months by the day, ten years of them, as numbers within the span.
_DAYS = np.arange(_BEGINS[0], _BEGINS[0] + 3653)
_MONTH_OF_DAY = _DAYS.astype("M8[D]").astype("M8[M]").astype("int64") + _EPOCH - FIRST


class Company:
    """The snapshot's tables as pandas frames, accounts as their row numbers."""

    def __init__(self, place: Path) -> None:
        self._folder = place / "snapshots" / str(AS_OF)
        names = ["segment", "region", "channel", "industry"]
        self.accounts = pd.read_parquet(
            self._folder / "crm/accounts.parquet", columns=["account_id", *names]
        ).astype(dict.fromkeys(names, "category"))
        self._ids = pd.Index(self.accounts["account_id"])
        items = pd.read_parquet(
            self._folder / "billing/subscription_items.parquet", columns=["product"]
        )
        self._products = np.sort(items["product"].unique())

    def fact(self) -> pd.DataFrame:
        """One row an account, product and month: ``mrr``, and at ``next`` and ``year`` rates."""
        rates, size = _rates(self._folder), len(self._products)
        files = sorted(self._folder.glob("billing/invoice_lines/*.parquet"))
        keys, values = zip(*(self._parts(file, rates) for file in files), strict=True)
        columns = dict(zip(("mrr", "next", "year"), np.concatenate(values, axis=1), strict=True))
        sums = pd.DataFrame({"key": np.concatenate(keys)} | columns).groupby("key", sort=False)
        fact = sums.sum().reset_index()
        place, month = np.divmod(fact["key"].to_numpy(), _SPAN)
        account, product = np.divmod(place, size)
        product = pd.Categorical.from_codes(product, self._products)
        return fact.assign(account=account, product=product, month=month + FIRST)

    def _parts(self, file: Path, rates: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Of each line and month the key to group by, and its value at three months' rates."""
        table = pq.read_table(
            file,
            columns=list(_COLUMNS),
            filters=[("charge_type", "=", "recurring")],
            read_dictionary=["account_id", "product", "currency"],
        )
        since, until = (table[name].cast("int32").to_numpy() for name in _COLUMNS[-2:])
        lines = table.drop_columns(["charge_type", *_COLUMNS[-2:]]).to_pandas()
        currency = _codes(lines["currency"], pd.Index(_CURRENCIES))
        place = _codes(lines["account_id"], self._ids) * len(self._products) + _codes(
            lines["product"], pd.Index(self._products)
        )
        net = (lines["amount"] - lines["discount"]).to_numpy() * _UNITS[currency]
        first, last = _months(since), _months(until - 1)
        count = last - first + 1
        line = np.repeat(np.arange(len(lines)), count)
        month = first[line] + np.arange(len(line)) - np.repeat(np.cumsum(count) - count, count)
        kept = month < _SPAN
        line, month = line[kept], month[kept]
        part = _spread(net, since, until, count, line, month)
        factors = rates[:, currency[line], month]
        return place[line] * _SPAN + month, _valued(part, factors)

    def users(self) -> pd.DataFrame:
        """One row an account and month: ``users``."""
        table = pq.read_table(
            self._folder / "billing/account_users", read_dictionary=["account_id"]
        )
        return pd.DataFrame(
            {
                "account": _codes(table["account_id"].to_pandas(), self._ids),
                "month": _months(table["month"].cast("int32").to_numpy()) + FIRST,
                "users": table["active_users"].to_numpy(),
            }
        )

    def spend(self) -> pd.DataFrame:
        """The table, months as numbers."""
        rows = pd.read_parquet(self._folder / "crm/spend.parquet")
        return rows.assign(month=_numbers(rows["month"]))


def _months(days: np.ndarray) -> np.ndarray:
    """Months within the span of numbers of days."""
    return _MONTH_OF_DAY[days - _BEGINS[0]]


def half_even(top: np.ndarray, whole: np.ndarray | int) -> np.ndarray:
    """``top / whole`` rounded half to even, as whole numbers."""
    quotient = top // whole
    twice = (top - quotient * whole) * 2
    return quotient + ((twice > whole) | ((twice == whole) & (quotient & 1 == 1)))


def _spread(
    net: np.ndarray,
    since: np.ndarray,
    until: np.ndarray,
    count: np.ndarray,
    line: np.ndarray,
    month: np.ndarray,
) -> np.ndarray:
    """What of each line falls into each month; lines of one month as they are."""
    part = net[line]
    several = np.flatnonzero(count[line] > 1)
    line, month = line[several], month[several]
    whole, start, amount = (until - since)[line], since[line], net[line]
    assert np.abs(net).max(initial=0) < 2**63 // 4_000  # days of ten years
    after = half_even(amount * np.minimum(_BEGINS[month + 1] - start, whole), whole)
    before = half_even(amount * np.maximum(_BEGINS[month] - start, 0), whole)
    part[several] = after - before
    return part


def _valued(part: np.ndarray, factors: np.ndarray) -> np.ndarray:
    """The parts at each of the rates in millionths."""
    assert np.abs(part).max(initial=0) < 2**63 // max(int(factors.max(initial=1)), 1)
    valued = np.repeat(part[None], len(factors), axis=0)
    abroad = np.flatnonzero((factors != 1_000_000).any(axis=0))
    valued[:, abroad] = half_even(part[abroad] * factors[:, abroad], 1_000_000)
    return valued


def _codes(column: pd.Series, names: pd.Index) -> np.ndarray:
    """Where in the names each value of a categorical column stands."""
    return names.get_indexer(column.cat.categories)[column.cat.codes]


def _numbers(days: pd.Series) -> np.ndarray:
    """Month numbers of dates."""
    return days.to_numpy().astype("M8[M]").astype("int64") + _EPOCH


def _rates(folder: Path) -> np.ndarray:
    """Millionths by kind (own, next, a year later), currency and month of the span."""
    rows = pd.read_parquet(folder / "billing/fx_rates.parquet")
    known = np.full((len(_CURRENCIES), _SPAN), 1_000_000)
    month = _numbers(rows["month"]) - FIRST
    within = (month >= 0) & (month < _SPAN)
    place = pd.Index(_CURRENCIES).get_indexer(rows["from_currency"])[within]
    known[place, month[within]] = (rows["rate"].to_numpy()[within] * 1e6).round()
    later = [np.minimum(np.arange(_SPAN) + months, _SPAN - 1) for months in (0, 1, 12)]
    return np.stack([known[:, months] for months in later])
