"""Why ARPU and ARPA moved, and what it means when they move together or apart."""

from math import log1p

from engine.report.material import Material
from engine.report.mix import mix_shift
from engine.report.phrases import SHORT, STILL, verb, worth

#: A part of the change from which on one factor alone is named as its cause.
MAIN = 0.7

#: What each average is the product of, and what it means that the second factor moved.
_FACTORS = {
    "arpa": (
        "seats_per_account",
        "accounts hold more paid seats",
        "accounts hold fewer paid seats",
    ),
    "arpu": ("paid_share", "more of the users pay", "fewer of the users pay"),
}


def reasoning(material: Material) -> str:
    """Why ARPA and ARPU moved: revenue per paid seat, or what links it to them."""
    names = ["arpa"]
    if material.metric("arpu").denominator == "users":
        names.append("arpu")
    sentences = [text for name in names if (text := _because(material, name))]
    mixed = mix_shift(material, "arpu")
    return " ".join([*sentences, f"{mixed}."] if mixed else sentences)


def _because(material: Material, name: str) -> str:
    previous = material.span.previous
    part = material.relative(name, previous)
    price, link = (material.relative(each, previous) for each in ("arppu", _FACTORS[name][0]))
    if part is None or price is None or link is None or min(part, price, link) <= -1:
        return ""
    if abs(part) < STILL:
        return f"{SHORT[name]} held."
    weight = log1p(link) / log1p(part)
    if weight >= MAIN:
        return f"{SHORT[name]} {verb(part)} because {_linked(material, name, link)}."
    if weight <= 1 - MAIN:
        return f"{SHORT[name]} {verb(part)} with revenue per paid seat, {_by(material, 'arppu')}."
    clauses = (f"revenue per paid seat ({_by(material, 'arppu')})", _linked(material, name, link))
    return f"{SHORT[name]} {verb(part)} by both {clauses[0]} and because {clauses[1]}."


def _linked(material: Material, name: str, link: float) -> str:
    metric, more, fewer = _FACTORS[name]
    return f"{more if link > 0 else fewer} ({worth(material, metric)}, {_by(material, metric)})"


def _by(material: Material, name: str) -> str:
    return material.change(name, material.span.previous).text
