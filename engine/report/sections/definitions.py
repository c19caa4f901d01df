"""Definitions, policy and sources: what a reader needs to check any number of the pack."""

from engine.metrics.definitions import FAMILIES
from engine.metrics.model import Basis, Metric
from engine.metrics.standard import in_words
from engine.policy import Policy
from engine.report.blocks import Block, Term, Terms
from engine.report.chapter import Chapter, nothing
from engine.report.dictionary import Defined, DefinedFamily, Dictionary
from engine.report.material import Material
from engine.report.model import Section
from engine.report.phrases import plural, spelled

_BY_MOVE = (
    "Last day: as it stands then; period: over all of it. Between its bounds a value is to be "
    "watched. One without bounds is good if better than in the period before and than a year "
    "before, bad if worse than both, else to be watched; higher is better unless said."
)
_RECOGNITION = {
    "days": "evenly by day over its service period",
    "months": "evenly by month over its service period",
    "invoice_date": "whole, in the month of its invoice",
}


def section(material: Material) -> Section:
    """Every metric of the pack, every choice of the policy, and where the data came from."""
    blocks: list[Block] = [
        Terms("Policy", _policy(material), is_facts=True),
        Terms("Sources and fingerprints", _sources(material), is_facts=True),
        Terms("Tables of the snapshot", _tables(material), is_facts=True),
        _metrics(material),
    ]
    if material.context.notes:
        notes = tuple(Term("Since then", note) for note in material.context.notes)
        blocks.insert(0, Terms("Compared with earlier packs", notes))
    headline = "How every number here is defined, counted and sourced"
    return Section("definitions", "Definitions", headline, "", tuple(blocks))


def _metrics(material: Material) -> Dictionary:
    used = set(material.context.numbers.frame["metric"])
    families = (
        DefinedFamily(
            name, tuple(_defined(material.metric(each.id)) for each in family if each.id in used)
        )
        for name, family in FAMILIES.items()
    )
    return Dictionary(
        "Metrics",
        "How each is calculated, what it says, and when it is good",
        tuple(family for family in families if family.metrics),
        (_BY_MOVE,),
    )


def _defined(metric: Metric) -> Defined:
    return Defined(
        metric.title,
        spelled(metric.formula),
        "last day" if metric.basis is Basis.STATE else "period",
        spelled(metric.meaning),
        spelled(" ".join(metric.watch_outs)),
        _judged(metric),
    )


def _judged(metric: Metric) -> str:
    """Its own bounds; of the rule for all, only what is turned round."""
    if metric.is_neutral:
        return "Not judged"
    if metric.bounds is None:
        return "" if metric.higher_is_better else "Lower is better"
    good, bad = (in_words(metric, each) for each in (metric.bounds.good, metric.bounds.bad))
    if metric.higher_is_better:
        return f"Good from {good}, bad below {bad}"
    return f"Good up to {good}, bad above {bad}"


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
