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
Booked = Callable[[str, str, date], tuple[str, ...]]
Label = Callable[[date], str]
Cut = Callable[[str, date], tuple[str, ...]]

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


def month_ends(first: date, last: date) -> list[date]:
    """Every month's last day from the first to the last of them."""
    ends = [first]
    while ends[-1] < last:
        following = ends[-1] + timedelta(days=1)
        ends.append(last_day(following.year, following.month))
    return ends


class Oracle:
    """The contract's numbers for one list of items and lines, in micro-units of USD."""

    def __init__(
        self,
        rates: Mapping[tuple[str, int, int], str],
        constant: tuple[int, int] | None = None,
    ):
        self.rates = rates
        self.constant = constant

    def rate(self, currency: str, day: date) -> Fraction:
        if currency == "USD":
            return Fraction(1)
        return Fraction(self.rates[currency, *(self.constant or (day.year, day.month))])

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
                else:  # credits of an account that pays at neither end
                    out[g]["churn" if account in ever else "new"] += rest
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
        parts = self.spread(line, rule).items()
        return {
            month: round(part * self.rate(line["currency"], date(*month, 1)))
            for month, part in parts
        }

    @staticmethod
    def spread(line: Row, rule: str) -> dict[tuple[int, int], int]:
        """By (year, month): the line's net in micro-units of its own currency."""
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
            out[month] = part
        return out

    # Twelve months: retention and churn.

    def retention(self, items, day: date, key: Key) -> dict[tuple, list[int]]:
        """By group: MRR a year before, MRR on the day, and the lesser account by account.

        Of the accounts that paid a year before; attributes of that day, all at the day's rates.
        """
        then_day = last_day(day.year - 1, day.month)
        fixed = lambda item, _: key(item, then_day)  # noqa: E731
        then = self.totals(items, then_day, day, fixed)
        now = self.totals(items, day, day, fixed)
        out = defaultdict(lambda: [0, 0, 0])
        for account, groups in [*then.items()]:
            if sum(groups.values()) <= 0:
                continue
            for g in {*groups, *now[account]}:
                before, after = groups[g], now[account][g]
                for place, value in enumerate((before, after, min(before, after))):
                    out[g][place] += value
        return out

    def churn(self, items, year: int, month: int, key: Key) -> dict[tuple, list[int]]:
        """By group over twelve months: churned and opening accounts, lost, opening, regained.

        Attributes are those of each month's opening.
        """
        out = defaultdict(lambda: [0, 0, 0, 0, 0])
        for back in range(12):
            number = year * 12 + month - 1 - back
            day = last_day(number // 12, number % 12 + 1)
            before = day.replace(day=1) - timedelta(days=1)
            fixed = lambda item, _, before=before: key(item, before)  # noqa: E731
            for g, kinds in self.movements(items, day.year, day.month, fixed).items():
                out[g][0] += kinds["churned_accounts"]
                out[g][2] -= kinds["churn"] + kinds["contraction"]
                out[g][3] += kinds["opening"] + kinds["fx"]
                out[g][4] += kinds["expansion"] + kinds["reactivation"]
            for groups in self.totals(items, before, before, fixed).values():
                for g, mrr in groups.items():
                    out[g][1] += mrr > 0
        return out

    # Levers.

    def levers(self, items, year: int, month: int, booked: Booked) -> dict[tuple, dict[str, int]]:
        """By group: what one month's expansion and contraction came from.

        ``booked`` names the group of an account and product, by the end that decides it.
        """
        day = last_day(year, month)
        before = day.replace(day=1) - timedelta(days=1)
        product = lambda item, _: (item["product"],)  # noqa: E731
        then = self.totals(items, before, day, product)
        now = self.totals(items, day, day, product)
        seats = [self.seats(items, end) for end in (before, day)]
        out = defaultdict(lambda: defaultdict(int))
        for account in {*then, *now}:
            was, is_ = sum(then[account].values()), sum(now[account].values())
            if was <= 0 or is_ <= 0:
                continue
            decides = before if is_ < was else day
            for (name,) in {*then[account], *now[account]}:
                ends = then[account][name,], now[account][name,]
                held = [side.get((account, name), 0) for side in seats]
                group = booked(account, name, decides)
                for lever, part in self.lever_parts(ends, held).items():
                    out[group][lever] += part
        return out

    @staticmethod
    def lever_parts(mrr: Sequence[int], seats: Sequence[int]) -> dict[str, int]:
        change = mrr[1] - mrr[0]
        if (mrr[0] == 0) != (mrr[1] == 0):
            return {"product": change}
        if not all(seats):
            return {"price": change}
        mean = (Fraction(mrr[0], seats[0]) + Fraction(mrr[1], seats[1])) / 2
        by_seats = round((seats[1] - seats[0]) * mean)
        return {"seats": by_seats, "price": change - by_seats}

    def seats(self, items, day: date) -> dict[tuple[str, str], int]:
        """Paid seats by account and product."""
        found = defaultdict(int)
        for item in self.live(items, day):
            if self.mrr_of(item, day) > 0:
                found[item["account_id"], item["product"]] += item["seats"]
        return found

    # Cohorts.

    def cohorts(self, items, last: date, label: Label, cut: Cut) -> dict[tuple, list[int]]:
        """By cohort, group and age: accounts acquired, still paying, MRR, users.

        ``label`` names a month's cohort, ``cut`` the group of an account on its first paying day.
        An age is there once every account of the cohort has reached it by ``last``.
        """
        ends = month_ends(date(2025, 1, 31), last)
        whole = [self.totals(items, end, end, lambda *_: ()) for end in ends]
        heads = [self.users(items, end) for end in ends]
        paying = [{a for a, g in each.items() if g[()] > 0} for each in whole]
        first = {}
        for place, accounts in enumerate(paying):
            first |= {account: place for account in accounts if account not in first}
        oldest = defaultdict(lambda: len(ends))
        for place in first.values():
            cohort = label(ends[place])
            oldest[cohort] = min(oldest[cohort], len(ends) - place)
        out = defaultdict(lambda: [0, 0, 0, 0])
        for account, place in first.items():
            cohort = label(ends[place])
            for age in range(oldest[cohort]):
                at = place + age
                values = (1, account in paying[at], whole[at][account][()], heads[at][account])
                row = out[cohort, cut(account, ends[place]), age]
                row[:] = [old + new for old, new in zip(row, values, strict=True)]
        return out

    def users(self, items, day: date) -> dict[str, int]:
        """By account: seats of paying rows, and of live rows without a net amount."""
        found = defaultdict(int)
        for item in self.live(items, day):
            if self.mrr_of(item, day) > 0 or item["amount"] == item["discount"]:
                found[item["account_id"]] += item["seats"]
        return found


class BilledOracle(Oracle):
    """The same where a month's MRR is the recurring revenue recognised in it; rows are lines."""

    def __init__(self, rates, constant=None, rule: str = "days"):
        super().__init__(rates, constant)
        self.rule = rule

    def totals(self, items, day, rate_day, key: Key):
        found = defaultdict(lambda: defaultdict(int))
        for line in items:
            part = self.spread(line, self.rule).get((day.year, day.month))
            if line["charge_type"] == "recurring" and part is not None:
                worth = round(part * self.rate(line["currency"], rate_day))
                found[line["account_id"]][key(line, day)] += worth
        return found

    def users(self, items, day: date) -> dict[str, int]:
        return defaultdict(int)

    def paid_before(self, items, day: date) -> set[str]:
        months = {month for line in items for month in self.spread(line, self.rule)}
        paid = set()
        for end in (last_day(*month) for month in months):
            if end >= day.replace(day=1):
                continue
            for account, groups in self.totals(items, end, end, lambda *_: ()).items():
                if sum(groups.values()) > 0:
                    paid.add(account)
        return paid
