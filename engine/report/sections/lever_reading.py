"""What it means which lever leads, with the one that leads now marked among them."""

from engine.period import Period
from engine.report.cases import Case, CaseRow, Cases
from engine.report.material import Material
from engine.report.sections.lever_tables import LEVERS, NAMES, living

_READINGS = {
    "lever_seats": "Use spreads. It follows the customers’ headcount: watch seats given back "
    "when they hire less.",
    "lever_price": "Rises, dearer plans and fewer discounts hold. It pays at once and is tested "
    "at renewal: watch churn over the next terms.",
    "lever_product": "Accounts take up more products. The stickiest growth; watch that products "
    "are kept after their first term.",
}
_LOSING = {
    "lever_seats": "Accounts give seats back, often ahead of leaving: look at who uses them.",
    "lever_price": "Downgrades and discounts outweigh rises: look at renewals and plan changes.",
    "lever_product": "Accounts drop products: look at which, and at what replaced them.",
}


def leading(material: Material, period: Period) -> str:
    """The lever that moved most; empty where none moved."""
    sizes = {name: abs(material.value(name, period) or 0.0) for name in LEVERS}
    most = max(LEVERS, key=lambda name: sizes[name])
    return most if sizes[most] else ""


def part(material: Material, name: str) -> float:
    """The lever's part of all that the three moved, up or down."""
    whole = sum(abs(material.value(each) or 0.0) for each in LEVERS)
    return abs(material.value(name) or 0.0) / whole if whole else 0.0


def reading(material: Material) -> Cases:
    """The three levers, and for how many periods the one that leads has done so."""
    now = leading(material, material.period)
    cases = tuple(
        Case(
            f"{NAMES[name]} lead{'s' if name == 'lever_price' else ''}",
            _meaning(material, name),
            _mark(material, name) if name == now else "",
            is_now=name == now,
        )
        for name in LEVERS
    )
    return Cases(
        "What it means which lever leads",
        f"By what moved most, up or down, in {material.period.title}",
        (),
        (CaseRow("", cases),),
    )


def _meaning(material: Material, name: str) -> str:
    is_losing = (material.value(name) or 0.0) < 0
    return (_LOSING if is_losing else _READINGS)[name]


def _mark(material: Material, name: str) -> str:
    periods = living(material)
    led = sum(leading(material, period) == name for period in periods)
    text = f"{material.words.share(part(material, name), 0)} of all movement"
    unit = {1: "months", 3: "quarters", 12: "years"}[material.period.length]
    return f"{text}; led in {led} of {len(periods)} {unit}" if len(periods) > 1 else text


def meaning(material: Material) -> str:
    """What it means that the leading lever leads."""
    name = leading(material, material.period)
    return _meaning(material, name) if name else ""


def sentence(material: Material) -> str:
    """Which lever moved most, and which group gave most of it."""
    name = leading(material, material.period)
    if not name:
        return ""
    value = material.value(name) or 0.0
    did = "gained" if value > 0 else "lost"
    lead = f"{NAMES[name]} made {material.words.share(part(material, name), 0)} of all movement"
    parts = [
        (abs(mine), material.spoken(group))
        for group in material.groups
        if (mine := material.value(name, None, group)) and mine * value > 0
    ]
    if len(parts) < 2:
        return f"{lead}."
    amount, most = max(parts)
    return f"{lead}; {most} {did} {material.words.compact_money(amount)} of it."
