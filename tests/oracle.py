"""An independent computation of the contract: plain Python, fractions, loops over days and rows.

It shares no code with the engine and takes no shortcut; tests compare the engine with it.
Rows are the dictionaries that ``fixtures.stories`` takes, complete and with dates as ``date``.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

Row = Mapping[str, object]
Key = Callable[[Row, date], tuple[str, ...]]

EXPONENTS = {"USD": 2, "EUR": 2, "JPY": 0, "KWD": 3}
MONTHLY = {
    "month": Fraction(1),
    "year": Fraction(1, 12),
    "week": Fraction(52, 12),
    "day": Fraction(365, 12),
}


def last_day(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return following - timedelta(days=1)


class Oracle:
    """The contract's numbers for one list of items and lines, in micro-units of USD."""

    def __init__(self, rates: Mapping[tuple[str, int, int], str]):
        self.rates = rates

    def rate(self, currency: str, day: date) -> Fraction:
        if currency == "USD":
            return Fraction(1)
        return Fraction(self.rates[currency, day.year, day.month])

    def mrr_of(self, item: Row, rate_day: date) -> int:
        minor = Fraction(item["amount"] - item["discount"])
        month = minor * MONTHLY[item["interval"]] / item["interval_count"]
        micro = month * 10 ** (6 - EXPONENTS[item["currency"]])
        return round(micro * self.rate(item["currency"], rate_day))

    def live(self, items: Sequence[Row], day: date) -> list[Row]:
        return [
            item
            for item in items
            if item["status"] in {"active", "past_due"}
            and item["valid_from"] <= day
            and (item["valid_to"] is None or day < item["valid_to"])
        ]

    def totals(self, items, day, rate_day, key: Key) -> dict[str, dict[tuple, int]]:
        """MRR by account, then by group."""
        found = defaultdict(lambda: defaultdict(int))
        for item in self.live(items, day):
            found[item["account_id"]][key(item, day)] += self.mrr_of(item, rate_day)
        return found

    def movements(self, items, year: int, month: int, key: Key) -> dict[tuple, dict[str, int]]:
        """By group: opening, the kinds, fx, closing and counts for one month."""
        day = last_day(year, month)
        before = day.replace(day=1) - timedelta(days=1)
        own = self.totals(items, before, before, key)
        then = self.totals(items, before, day, key)
        now = self.totals(items, day, day, key)
        ever = self.paid_before(items, day)
        out = defaultdict(lambda: defaultdict(int))
        for account in {*then, *now, *own}:
            groups = sorted({*then[account], *now[account]})
            change = {g: now[account][g] - then[account][g] for g in groups}
            was, is_ = sum(own[account].values()) > 0, sum(now[account].values()) > 0
            transfer = self.transfers(change) if was and is_ else dict.fromkeys(groups, 0)
            for g in groups:
                rest = change[g] - transfer[g]
                out[g]["opening"] += own[account][g]
                out[g]["closing"] += now[account][g]
                out[g]["fx"] += then[account][g] - own[account][g]
                out[g]["transfer"] += transfer[g]
                if was and is_:
                    out[g]["expansion" if rest > 0 else "contraction"] += rest
                elif is_:
                    kind = "reactivation" if account in ever else "new"
                    out[g][kind] += rest
                    counted = "reactivated_accounts" if account in ever else "new_accounts"
                    out[g][counted] += now[account][g] > 0
                elif was:
                    out[g]["churn"] += rest
                    out[g]["churned_accounts"] += then[account][g] > 0
        return out

    def paid_before(self, items, day: date) -> set[str]:
        """Accounts that paid at some month end before the day's month."""
        paid = set()
        first = min((item["valid_from"] for item in items), default=day)
        end = last_day(first.year, first.month)
        while end < day:
            for account, groups in self.totals(items, end, end, lambda *_: ()).items():
                if sum(groups.values()) > 0:
                    paid.add(account)
            following = end + timedelta(days=1)
            end = last_day(following.year, following.month)
        return paid

    @staticmethod
    def transfers(change: dict[tuple, int]) -> dict[tuple, int]:
        gained = sum(c for c in change.values() if c > 0)
        lost = -sum(c for c in change.values() if c < 0)
        both = min(gained, lost)
        out = dict.fromkeys(change, 0)
        for sign, side in ((1, gained), (-1, lost)):
            members = [g for g, c in change.items() if c * sign > 0]
            if not both:
                continue
            exact = {g: Fraction(both * abs(change[g]), side) for g in members}
            share = {g: exact[g].__floor__() for g in members}
            left = both - sum(share.values())
            by_rest = sorted(members, key=lambda g: (share[g] - exact[g], g))
            for g in by_rest[:left]:
                share[g] += 1
            out |= {g: sign * share[g] for g in members}
        return out

    def recognised(self, line: Row, rule: str) -> dict[tuple[int, int], int]:
        """By (year, month): the line's net in reporting micro-units, day by day."""
        total = (line["amount"] - line["discount"]) * 10 ** (6 - EXPONENTS[line["currency"]])
        start, end = line["service_from"], line["service_to"]
        if rule == "invoice_date" or start is None:
            start, end = line["invoiced_on"], line["invoiced_on"] + timedelta(days=1)
        days = (end - start).days
        weights = defaultdict(int)
        for offset in range(days):
            day = start + timedelta(days=offset)
            weights[day.year, day.month] += 1
        if rule == "months" and start.day == 1 and end.day == 1:
            weights = dict.fromkeys(weights, 1)
        whole, done, out = sum(weights.values()), 0, {}
        for month in sorted(weights):
            before = round(Fraction(total * done, whole))
            done += weights[month]
            part = round(Fraction(total * done, whole)) - before
            out[month] = round(part * self.rate(line["currency"], date(*month, 1)))
        return out
