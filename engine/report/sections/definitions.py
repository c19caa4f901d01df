"""Definitions, policy and sources: what a reader needs to check any number of the pack."""

from engine.metrics.model import Basis, Metric
from engine.policy import Policy
from engine.report.blocks import Term, Terms
from engine.report.chapter import Chapter, nothing
from engine.report.material import Material
from engine.report.model import Section
from engine.report.phrases import plural, spelled
from engine.report.table import Cell, Column, Row, Table
from engine.report.tone import Tone

_RECOGNITION = {
    "days": "evenly by day over its service period",
    "months": "evenly by month over its service period",
    "invoice_date": "whole, in the month of its invoice",
}


def section(material: Material) -> Section:
    """Every metric of the pack, every choice of the policy, and where the data came from."""
    blocks = [
        Terms("Policy", _policy(material), is_facts=True),
        Terms("Sources and fingerprints", _sources(material), is_facts=True),
        Terms("Tables of the snapshot", _tables(material), is_facts=True),
        _metrics(material),
    ]
    if material.context.notes:
        notes = tuple(Term("Since then", note) for note in material.context.notes)
        blocks.insert(0, Terms("Compared with earlier packs", notes))
    name = "Definitions"
    headline = "How every number here is defined, counted and sourced"
    return Section("definitions", name, headline, "", tuple(blocks))


def _metrics(material: Material) -> Table:
    used = set(material.context.numbers.frame["metric"])
    rows = [_row(material.metric(name)) for name in material.context.definitions if name in used]
    return Table(
        "Metrics",
        "How each is calculated, what it means, and what to watch out for",
        (
            Column("Metric", is_text=True, width=34),
            Column("Formula", is_text=True, width=46),
            Column("Looks at", is_text=True, width=22),
            Column("Meaning and watch-outs", is_text=True),
        ),
        tuple(rows),
        is_fixed=True,
    )


def _row(metric: Metric) -> Row:
    basis = "last day" if metric.basis is Basis.STATE else "whole period"
    bounds = (f"Good: {metric.good}",) if metric.bounds else ()
    meaning = spelled(" ".join((metric.meaning, *metric.watch_outs, *bounds)))
    cells = (Cell(spelled(metric.formula)), Cell(basis), Cell(meaning, None, Tone.MUTED))
    return Row(metric.title, cells)


def _policy(material: Material) -> tuple[Term, ...]:
    """Every choice in words."""
    policy = material.context.policy
    return (
        Term("Name", f"{policy.name}, version {policy.version}{_preset(policy)}"),
        Term("Live statuses", ", ".join(policy.live_statuses).replace("_", " ")),
        Term("MRR is taken from", policy.mrr_source),
        Term("Usage in MRR", _yes(policy.usage_in_mrr)),
        Term("Revenue is recognised", _RECOGNITION[policy.recognition]),
        Term("ARPU divides by", policy.arpu_users.replace("_", " ")),
        Term("An account is", _account(policy)),
        Term("A returning account", _returning(policy)),
        Term("Exchange rates", _rates(policy)),
        Term(
            "Cohorts begin with", "sign-up" if policy.cohort_by == "signed_up" else "first payment"
        ),
        Term("Churn looks back", f"{_months(policy.churn_months, '')}, {_base(policy)}"),
        Term("Gross margin", _margin(material)),
        Term("Bundles", _bundles(policy)),
        Term("Lag of spend", _months(policy.cac_lag_months, "none")),
        Term("Lifetime is capped", _months(policy.max_lifetime_months, "no")),
    )


def _preset(policy: Policy) -> str:
    return f", after {policy.preset}" if policy.preset else ""


def _margin(material: Material) -> str:
    policy, words = material.context.policy, material.words
    by_product = [
        f"{product} {words.share(each, 0)}"
        for product, each in sorted(policy.gross_margin_by_product.items())
    ]
    return ", ".join([words.share(policy.gross_margin, 0), *by_product])


def _bundles(policy: Policy) -> str:
    return ", ".join(sorted(policy.bundles)) or "none"


def _base(policy: Policy) -> str:
    return "over openings" if policy.churn_base == "opening" else "over openings and joiners"


def _months(count: int, none: str) -> str:
    return f"{count} {plural(count, 'month', 'months')}" if count else none


def _yes(value: bool) -> str:  # noqa: FBT001
    return "yes" if value else "no"


def _account(policy: Policy) -> str:
    return (
        "the parent with all its children" if policy.account_level == "parent" else "each account"
    )


def _returning(policy: Policy) -> str:
    months = policy.reactivation_window_months
    return f"is new again after {months} months" if months else "is a reactivation after any gap"


def _rates(policy: Policy) -> str:
    if policy.fx == "reported":
        return "each month at its own rate"
    return f"all months at the rate of {policy.fx.removeprefix('constant:')}"


def _tables(material: Material) -> tuple[Term, ...]:
    rows = material.words.number
    return tuple(Term(name, f"{rows(count)} rows") for name, count in material.context.tables)


def _sources(material: Material) -> tuple[Term, ...]:
    context = material.context
    return (
        Term("Snapshot", f"{context.snapshot}, digest {context.snapshot_digest}"),
        Term("Policy fingerprint", context.policy.fingerprint),
        Term("Definitions fingerprint", context.definitions_fingerprint),
        Term("Run", context.run_id),
        Term("Made by", f"Quarterdeck {context.engine_version}"),
        Term("Currency and locale", f"{context.currency}, {context.locale}"),
    )


CHAPTER = Chapter("definitions", "Definitions", nothing, section)
