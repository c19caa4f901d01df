"""The pack: what it looks up, and the report made of it."""

from collections.abc import Callable

from engine.metrics.numbers import Request
from engine.period import Period
from engine.report.context import PackContext
from engine.report.look import look
from engine.report.material import Material
from engine.report.model import Report, Section
from engine.report.sections import (
    averages,
    definitions,
    groups,
    movements,
    recognised,
    summary,
    trend,
)
from engine.report.sections.cover import cover
from engine.report.span import Span, labels
from engine.report.words import Words

STATES = (
    "mrr",
    "arr",
    "accounts",
    "paid_seats",
    "free_users",
    "users",
    "arpa",
    "arpu",
    "arppu",
    "arpu_annual",
    "seats_per_account",
    "paid_share",
)
MONTHLY = tuple(name for name in STATES if name not in {"arr", "arpu_annual"})
REVENUE = (
    "recurring_revenue",
    "usage_revenue",
    "one_time_revenue",
    "discounts",
    "credits",
    "refunds",
)
MOVEMENTS = (
    "mrr_new",
    "mrr_reactivation",
    "mrr_expansion",
    "mrr_contraction",
    "mrr_churn",
    "mrr_fx",
    "mrr_transfer",
)
COUNTS = ("new_accounts", "churned_accounts", "reactivated_accounts")

SECTIONS: tuple[tuple[str, Callable[[Material], Section | str | None]], ...] = (
    ("Summary", summary.section),
    ("MRR movements", movements.section),
    ("ARPU, ARPA, ARPPU", averages.section),
    ("Trend", trend.section),
    ("By {dimension}", groups.section),
    ("Recognised revenue", recognised.section),
)


def requests(period: Period, *, dimension: str = "segment") -> tuple[Request, ...]:
    """Everything that the pages look up."""
    span = Span(period)
    compared = labels((period, *span.compared))
    trend = tuple(dict.fromkeys((*labels(span.trend), *compared)))
    months = labels(span.months)
    return (
        Request((*STATES, *REVENUE, *MOVEMENTS, *COUNTS), trend),
        Request(MONTHLY, months),
        Request((*STATES, *MOVEMENTS, *COUNTS), compared, (dimension,)),
        Request(("mrr", "arpu", "arpa"), months, (dimension,)),
    )


def report(context: PackContext) -> Report:
    """The pack as a value; a section that cannot be made is left out with the reason."""
    words = Words(context.locale, context.currency)
    material = Material(context, words, look(context.brand, context.brand_folder))
    named = {"dimension": material.dimension}
    made = [(name.format_map(named), section(material)) for name, section in SECTIONS]
    left_out = {name: each for name, each in made if isinstance(each, str)}
    sections = tuple(each for _, each in made if isinstance(each, Section))
    period = context.period.title
    return Report(
        title=f"{context.brand.name}: {context.title}, {period}",
        company=context.brand.name,
        period=period,
        description=f"{context.title} of {context.brand.name} for {period}, "
        f"made from the snapshot of {context.snapshot}",
        created=f"{context.as_of.isoformat()}T00:00:00Z",
        confidentiality=context.brand.confidentiality,
        footer=_footer(context),
        generator=f"Quarterdeck {context.engine_version}",
        look=material.look,
        cover=cover(material),
        sections=(*sections, definitions.section(material, left_out)),
        left_out=left_out,
    )


def _footer(context: PackContext) -> str:
    """What a page was made from, short enough for its foot."""
    parts = (
        f"Snapshot {context.snapshot}",
        f"Policy {context.policy.fingerprint}",
        f"Definitions {context.definitions_fingerprint}",
        f"Run {context.run_id}",
    )
    return "  ·  ".join(parts)
