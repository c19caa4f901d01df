"""An invented company: numbers that tie as the engine's do, made without it, and its pack."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import polars as pl
import pytest

from engine.brand import Brand
from engine.intake.outcome import Verdict
from engine.metrics.definitions import DEFINITIONS, definitions_fingerprint
from engine.metrics.numbers import SCHEMA, Numbers, Request, group_text
from engine.period import Period
from engine.policy import Policy
from engine.report.context import PackContext
from engine.report.html import html
from engine.report.pack import asks, report
from engine.report.pdf import pdf

MOVES = ("new", "reactivation", "expansion", "contraction", "churn", "fx", "transfer")
SEATS = ("paid_seats", "free_users", "users", "arpu", "arppu", "arpu_annual", "paid_share")
NO_SEATS = "billing exports no seats"
Q3, POLICY, ACME = Period.parse("2026Q3"), Policy(), Brand(name="Acme Cloud")


@dataclass
class Month:
    """One segment's month: the sums that every metric is made of."""

    moves: dict[str, float] = field(default_factory=dict)
    mrr: float = 0.0
    accounts: float = 0.0
    new: float = 0.0
    churned: float = 0.0
    reactivated: float = 0.0
    paid_seats: float = 0.0
    free_users: float = 0.0
    recurring: float = 0.0
    usage: float = 0.0
    one_time: float = 0.0


@dataclass(frozen=True)
class Segment:
    """How a segment starts and grows; rates are monthly parts of its MRR."""

    name: str
    accounts: float = 400
    seats: float = 6.0
    price: float = 90.0
    growth: float = 0.02
    inflation: float = 0.0
    free: float = 0.3


SEGMENTS = (
    Segment("Enterprise", 24, 120, 128, 0.012, 0.004, 0.08),
    Segment("Mid-market", 210, 17, 121, 0.006, 0.001, 0.12),
    Segment("SMB", 900, 2.9, 96, 0.016, -0.006, 0.35),
)


@dataclass(frozen=True)
class Company:
    """What to invent: segments, months of history, a factor on all money, and what is missing."""

    segments: Sequence[Segment] = SEGMENTS
    history: int = 27
    factor: float = 1.0
    missing: Mapping[str, str] = field(default_factory=dict)
    period: Period = Q3
    policy: Policy = POLICY
    brand: Brand = ACME
    dimension: str = "segment"
    seed: int = 7

    def with_(self, **changes: object) -> "Company":
        return replace(self, **changes)

    def context(self, **changes: object) -> PackContext:
        context = PackContext(
            numbers=Numbers(self.frame()),
            period=self.period,
            as_of=date(2026, 10, 1),
            brand=self.brand,
            brand_folder=None,
            title="Quarterly business review",
            policy=self.policy,
            definitions=DEFINITIONS,
            definitions_fingerprint=definitions_fingerprint(),
            snapshot="2026-10-01",
            snapshot_digest="5f0c2e7ab9d1",
            currency="USD",
            locale="en_US",
            run_id="0b1c2d3e4f506172",
            engine_version="0.1.0",
            tables=(
                ("billing/subscription_items", 18_204),
                ("billing/invoice_lines", 61_377),
                ("billing/fx_rates", 108),
                ("crm/accounts", 2_214),
            ),
            verdict=Verdict("snapshots/2026-10-01", (), ()),
            dimension=self.dimension,
            dimensions=(self.dimension,),
        )
        return replace(context, **changes)

    def frame(self) -> pl.DataFrame:
        books = {
            segment.name: self._months(segment, at) for at, segment in enumerate(self.segments)
        }
        rows: list[dict[str, object]] = []
        for request in asks(self.period, (self.dimension,)):
            if not isinstance(request, Request) or not set(request.by) <= {self.dimension}:
                continue  # no cohorts, bridges, plans or rankings, and no other cut
            for label in request.periods:
                period = Period.parse(label)
                groups = [{self.dimension: name} for name in books] if request.by else [{}]
                for group in groups:
                    parts = [books[group[self.dimension]]] if group else list(books.values())
                    rows += [
                        self._row(metric, period, request.by, group, parts)
                        for metric in request.metrics
                    ]
        return pl.DataFrame(rows, schema=SCHEMA)

    def _months(self, segment: Segment, at: int) -> dict[int, Month]:
        dice = random.Random(self.seed * 1000 + at)
        last, months = self.period.closing, dict[int, Month]()
        accounts = segment.accounts
        mrr = accounts * segment.seats * segment.price
        for number in range(last - self.history + 1, last + 1):
            month, is_first = Month(), number == last - self.history + 1
            if is_first:
                month.moves = dict.fromkeys(MOVES, 0.0) | {"new": mrr}
                month.new, month.accounts, month.mrr = accounts, accounts, mrr
            else:
                month.moves = self._moves(segment, mrr, dice, at)
                month.mrr = mrr + sum(month.moves.values())
                month.new = round(accounts * dice.uniform(0.018, 0.034))
                month.churned = round(accounts * dice.uniform(0.009, 0.016))
                month.reactivated = round(accounts * dice.uniform(0, 0.003))
                month.accounts = accounts + month.new + month.reactivated - month.churned
            mrr, accounts = month.mrr, month.accounts
            step = number - (last - self.history)
            price = segment.price * (1 + segment.inflation) ** step
            month.paid_seats = max(round(abs(mrr) / price), 1)
            month.free_users = round(month.paid_seats * segment.free * (1 + 0.008 * step))
            month.recurring = mrr * dice.uniform(0.985, 1.005)
            month.usage = abs(mrr) * dice.uniform(0.03, 0.05)
            month.one_time = abs(mrr) * dice.uniform(0.01, 0.04)
            months[number] = month
        return months

    def _moves(
        self, segment: Segment, mrr: float, dice: random.Random, at: int
    ) -> dict[str, float]:
        base = abs(mrr)
        moves = {
            "new": base * (segment.growth + dice.uniform(0.000, 0.006)),
            "reactivation": base * dice.uniform(0, 0.002),
            "expansion": base * dice.uniform(0.008, 0.016),
            "contraction": -base * dice.uniform(0.003, 0.007),
            "churn": -base * dice.uniform(0.008, 0.015),
            "fx": base * dice.uniform(-0.002, 0.002),
            "transfer": 0.0,
        }
        if len(self.segments) == 3:
            moves["transfer"] = (900.0, 300.0, -1200.0)[at]
        return moves

    def _row(
        self,
        metric: str,
        period: Period,
        by: Sequence[str],
        group: Mapping[str, str],
        parts: Sequence[dict[int, Month]],
    ) -> dict[str, object]:
        definition = DEFINITIONS[metric].under(self.policy)
        reason = self.missing.get(metric)
        if reason is None and not {*definition.tops, *definition.bottoms} <= MEASURES:
            reason = UNTOLD
        if reason is not None:
            return self._untold(metric, period, by, group, reason)
        top = self._sum(definition.numerator, period, parts) * definition.factor
        below = self._sum(definition.denominator, period, parts) if definition.denominator else None
        if below == 0:
            reason = reason or f"no {definition.denominator}"
        value = None if reason else top / below if below else top
        return {
            "metric": metric,
            "period": period.label,
            "by": ",".join(by),
            "group": group_text(group),
            "numerator": top,
            "denominator": below,
            "value": value,
            "unit": definition.unit.value,
            "reason": reason,
        }

    def _untold(
        self,
        metric: str,
        period: Period,
        by: Sequence[str],
        group: Mapping[str, str],
        reason: str,
    ) -> dict[str, object]:
        return {
            "metric": metric,
            "period": period.label,
            "by": ",".join(by),
            "group": group_text(group),
            "numerator": None,
            "denominator": None,
            "value": None,
            "unit": DEFINITIONS[metric].unit.value,
            "reason": reason,
        }

    def _sum(self, measure: str, period: Period, parts: Sequence[dict[int, Month]]) -> float:
        is_money = measure not in {"accounts", "paid_seats", "free_users", "users"}
        is_count = measure.endswith("_accounts") or not is_money
        if measure in MONTH_ENDS:
            return sum(
                self._sum(MONTH_ENDS[measure], Period(month, 1), parts) for month in period.months
            )
        months = [period.closing] if measure in STATE_MEASURES else list(period.months)
        empty = Month(moves=dict.fromkeys(MOVES, 0.0))
        total = sum(_measure(measure, part.get(month, empty)) for part in parts for month in months)
        return total if is_count else total * self.factor


MONTH_ENDS = {"user_months": "users", "account_months": "accounts"}
STATE_MEASURES = {"mrr", "accounts", "paid_seats", "free_users", "users"}

#: What the books hold; metrics of anything else have no value, for this reason.
MEASURES = {
    *STATE_MEASURES,
    *MONTH_ENDS,
    *(f"mrr_{each}" for each in MOVES),
    *(f"{each}_accounts" for each in ("new", "churned", "reactivated")),
    *(f"{each}_revenue" for each in ("recurring", "usage", "one_time")),
    *("discounts", "credits", "refunds"),
}
UNTOLD = "the books do not tell"


def _measure(name: str, month: Month) -> float:
    if name == "users":
        return month.paid_seats + month.free_users
    if name.startswith("mrr_"):
        return month.moves[name.removeprefix("mrr_")]
    counts = {"new_accounts": month.new, "churned_accounts": month.churned}
    counts |= {"reactivated_accounts": month.reactivated}
    revenue = {
        "recurring_revenue": month.recurring,
        "usage_revenue": month.usage,
        "one_time_revenue": month.one_time,
        "discounts": month.recurring * 0.06,
        "credits": month.recurring * 0.004,
        "refunds": month.recurring * 0.002,
    }
    return {**counts, **revenue}[name] if name in {**counts, **revenue} else getattr(month, name)


@pytest.fixture(scope="session")
def company() -> Company:
    """The usual one: three segments, 27 months, about 1.3 million of MRR."""
    return Company()


@pytest.fixture(scope="session")
def context(company: Company) -> PackContext:
    return company.context()


@pytest.fixture(scope="session")
def markup(context: PackContext) -> str:
    return html(report(context))


@pytest.fixture(scope="session")
def rendered(markup: str) -> bytes:
    return pdf(markup)


Invent = Callable[..., PackContext]


@pytest.fixture(scope="session")
def invent(company: Company) -> Invent:
    """The usual company with changes, as a pack's context."""

    def made(**changes: object) -> PackContext:
        return company.with_(**changes).context()

    return made
