"""What it means that ARPU and ARPA move together or apart."""

from collections.abc import Mapping

from engine.report.material import Material
from engine.report.phrases import direction

#: By the directions of (ARPA, ARPU): what it is called, and what it usually means.
READINGS: Mapping[tuple[int, int], tuple[str, str]] = {
    (1, 0): (
        "ARPA up, ARPU flat",
        "Accounts are getting bigger, not dearer: growth comes from more seats in each.",
    ),
    (0, 1): (
        "ARPU up, ARPA flat",
        "Seats are worth more while accounts hold fewer of them.",
    ),
    (1, 1): (
        "Both up",
        "Accounts and seats are each worth more. Check that it is not the cheap ones leaving.",
    ),
    (-1, -1): (
        "Both down",
        "New business comes in smaller and cheaper, or prices give way; often ahead of MRR.",
    ),
    (1, -1): (
        "ARPA up, ARPU down",
        "Larger accounts buy seats at lower prices, or bring more free users.",
    ),
    (-1, 1): (
        "ARPA down, ARPU up",
        "Smaller accounts pay more a seat: entry plans hold their price, depth is missing.",
    ),
    (-1, 0): (
        "ARPA down, ARPU flat",
        "Accounts are getting smaller at the same price: fewer seats in each.",
    ),
    (0, -1): (
        "ARPU down, ARPA flat",
        "More users share the same revenue per account: cheaper seats or more free users.",
    ),
}

def reading(material: Material) -> str:
    """The quarter's case in a sentence; empty where nothing moved or nothing is known."""
    previous = material.span.previous
    moves = (direction(material, "arpa", previous), direction(material, "arpu", previous))
    if moves == (0, 0):
        return ""
    name, text = READINGS[moves]
    return f"{name} since {previous.title}. {text}"
