"""How CAC, payback and LTV come about, and where LTV would mislead."""

from engine.report.blocks import Equation, Factor
from engine.report.material import Group, Material
from engine.report.phrases import priced
from engine.report.table import Cell
from engine.report.words import DASH

#: The accounts that first paid in the period, as they stand on its last day.
NEW: Group = {"stage": "new"}

#: From here on the new accounts' ARPA is far enough from all accounts' to say so.
_APART = 0.2


def equation(material: Material) -> Equation:
    """Each as the figures that it is made of; a line without a value is left out."""
    lines = (_cac(material), _payback(material), _ltv(material), _ratio(material))
    names = ("cac", "cac_payback_months", "ltv", "ltv_cac")
    kept = [line for line, name in zip(lines, names, strict=True) if _has(material, name)]
    longest = max(len(line) for line in kept)
    numbers = [
        number
        for name in names
        if (number := material.number(name)).reason not in told_by_lead(material)
    ]
    return Equation(
        "How cost, payback and value come about",
        f"{material.period.title}; churn over the trailing months, state on "
        f"{material.words.day(material.period.last_day)}",
        tuple(_filled(line, longest) for line in kept),
        material.reasons(numbers),
    )


def _has(material: Material, name: str) -> bool:
    return material.value(name) is not None


def _filled(line: tuple[Factor, ...], count: int) -> tuple[Factor, ...]:
    """The line with empty places at its end, as the rows of a table are of one length."""
    return (*line, *(Factor("\u00a0", Cell(""), "", None) for _ in range(count - len(line))))


def _money(
    material: Material, name: str, sign: str, label: str, group: Group | None = None
) -> Factor:
    number = material.number(name, None, group or {})
    text = DASH if number.value is None else priced(material.words, number.value)
    return Factor(sign, Cell(text, number), label, None)


def _cac(material: Material) -> tuple[Factor, ...]:
    words, number = material.words, material.number("cac")
    new, lag = material.number("new_accounts"), material.context.policy.cac_lag_months
    later = f", {lag} months earlier" if lag > 1 else ", a month earlier" if lag else ""
    return (
        _money(material, "cac", "", "CAC"),
        Factor("=", Cell(priced(words, number.numerator or 0.0), number), f"spend{later}", None),
        Factor("÷", Cell(words.number(new.value or 0.0), new), "new accounts", None),
    )


def _payback(material: Material) -> tuple[Factor, ...]:
    number = material.number("cac_payback_months")
    return (
        Factor(
            "",
            Cell(material.words.number(number.value or 0.0, 1), number),
            "months of payback",
            None,
        ),
        _money(material, "cac", "=", "CAC"),
        _money(material, "arpa", "÷", "ARPA of the new accounts", NEW),
        _margin(material, "÷"),
    )


def _margin(material: Material, sign: str) -> Factor:
    number = material.number("gross_margin")
    return Factor(
        sign, Cell(material.words.share(number.value or 0.0), number), "gross margin", None
    )


def _ltv(material: Material) -> tuple[Factor, ...]:
    number, churn = material.number("ltv"), material.number("logo_churn")
    floor = material.metric("ltv").floor
    is_capped = bool(floor) and (number.denominator or 0.0) > (churn.value or 0.0)
    label = (
        f"as policy caps lifetimes at {round(1 / floor)} months" if is_capped else "churn a month"
    )
    below = number if is_capped else churn
    text = material.words.share(number.denominator or 0.0, 2)
    return (
        _money(material, "ltv", "", "LTV"),
        _money(material, "arpa", "=", "ARPA of all accounts"),
        _margin(material, "×"),
        Factor("÷", Cell(text, below), label, None),
    )


def _ratio(material: Material) -> tuple[Factor, ...]:
    number = material.number("ltv_cac")
    return (
        Factor("", Cell(material.words.number(number.value or 0.0, 1), number), "LTV/CAC", None),
        _money(material, "ltv", "=", "LTV"),
        _money(material, "cac", "÷", "CAC"),
    )


def told_by_lead(material: Material) -> tuple[str, ...]:
    """Why there is no CAC, which the page says first where the spend is not known."""
    number = material.number("cac")
    return (number.reason,) if number.reason and number.numerator is None else ()


def warning(material: Material) -> str:
    """That LTV takes the ARPA of all accounts, where the new ones bring far less or more."""
    words = material.words
    all_of_them, new = material.value("arpa"), material.value("arpa", None, NEW)
    ratio = material.value("ltv_cac")
    if ratio is None or not new or not all_of_them or all_of_them <= 0:
        return ""
    part = new / all_of_them
    if abs(part - 1) < _APART:
        return ""
    flatters = (
        f"{words.number(ratio, 1)} is flattered"
        if part < 1
        else f"{words.number(ratio, 1)} is modest"
    )
    return (
        f"LTV/CAC of {flatters}: LTV takes the ARPA of all accounts, "
        f"{priced(words, all_of_them)}, while accounts won in {material.period.title} bring "
        f"{priced(words, new)}. At their ARPA and the same churn it would be "
        f"{words.number(ratio * part, 1)}."
    )
