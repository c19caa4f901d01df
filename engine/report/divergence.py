"""What it means that ARPU and ARPA move together or apart: every case, and the one that holds."""

from enum import StrEnum

from engine.period import Period
from engine.report.cases import Case, CaseRow, Cases
from engine.report.material import Material
from engine.report.phrases import SHORT, listed

#: An average that moved less than this, up or down, is called flat.
FLAT = 0.01


class Way(StrEnum):
    """Which way an average moved."""

    UP = "up"
    STEADY = "flat"
    DOWN = "down"


_TEXTS = {
    (Way.UP, Way.UP): "Dearer seats in bigger accounts: price and depth both hold.",
    (Way.UP, Way.STEADY): "Bigger logos, not dearer seats: accounts grow by seats alone.",
    (Way.UP, Way.DOWN): "Accounts add seats at lower prices, or more of their users are free.",
    (Way.STEADY, Way.UP): "Seats are worth more, while accounts hold fewer of them.",
    (Way.STEADY, Way.STEADY): "Neither price nor depth moved: only the number of accounts did.",
    (Way.STEADY, Way.DOWN): "Cheaper seats, made up for by more of them in each account.",
    (Way.DOWN, Way.UP): "Smaller accounts that pay more a seat: seats are cut, prices hold.",
    (Way.DOWN, Way.STEADY): "New accounts start small at the same price a seat.",
}

#: Both down: it depends on whether seats came or went.
_ENTRY = "Seats grow at entry prices in small accounts. Watch whether new cohorts catch up."
_LOSS = "Seats and prices give way: downgrades, lost seats. Often ahead of falling ARR."
_EITHER = "New seats at entry prices if seats grow; downgrades and lost seats if they do not."


def way(part: float | None) -> Way | None:
    """Which way a relative change goes; None where it is not known."""
    if part is None:
        return None
    return Way.STEADY if abs(part) < FLAT else Way.UP if part > 0 else Way.DOWN


def cases(material: Material) -> Cases:
    """ARPA's ways by ARPU's, marked where this period stands, against each one compared with."""
    now = _pair(material, material.span.previous)
    within = material.words.share(FLAT, 0)
    rows = tuple(
        CaseRow(
            f"ARPA {arpa}",
            tuple(_case(material, (arpa, arpu), now) for arpu in Way),
        )
        for arpa in Way
    )
    return Cases(
        "Reading ARPU and ARPA together",
        _about(material, now),
        (f"ARPU {Way.UP}", f"ARPU flat (within {within})", f"ARPU {Way.DOWN}"),
        rows,
    )


def _about(material: Material, now: tuple[Way, Way] | None) -> str:
    if now is None:
        return "Nothing earlier to compare with"
    told = [_figures(material, each) for each in material.span.compared if _pair(material, each)]
    text = "; ".join(told)
    return f"{text[:1].upper()}{text[1:]}"


def _pair(material: Material, against: Period) -> tuple[Way, Way] | None:
    arpa, arpu = (way(material.relative(name, against)) for name in ("arpa", "arpu"))
    return (arpa, arpu) if arpa and arpu else None


def _case(material: Material, pair: tuple[Way, Way], now: tuple[Way, Way] | None) -> Case:
    spans = [each for each in material.span.compared if _pair(material, each) == pair]
    mark = f"Since {listed([each.title for each in spans])}" if spans else ""
    return Case("", _text(material, pair, spans), mark, is_now=pair == now)


def _text(material: Material, pair: tuple[Way, Way], spans: list[Period]) -> str:
    if pair in _TEXTS:
        return _TEXTS[pair]
    seats = material.relative("paid_seats", spans[0]) if spans else None
    if seats is None:
        return _EITHER
    return _ENTRY if seats > 0 else _LOSS


def _figures(material: Material, against: Period) -> str:
    """``since Q2 2026: ARPA −11.9%, ARPU −2.5%, paid seats +12.8%``."""
    names = ("arpa", "arpu", "paid_seats")
    known = [name for name in names if material.relative(name, against) is not None]
    told = [_moved(material, name, against) for name in known]
    return f"since {against.title} {', '.join(told)}"


def _moved(material: Material, name: str, against: Period) -> str:
    title = SHORT[name] if name != "paid_seats" else "paid seats"
    return f"{title} {material.change(name, against).text}".replace(" ", "\u00a0")
