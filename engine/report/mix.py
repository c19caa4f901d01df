"""When an average moves against every one of its groups: the mix moved, not the groups."""

from engine.report.material import Group, Material
from engine.report.phrases import SHORT, STILL, verb


def mix_shift(material: Material, name: str) -> str:
    """``ARPU rose in every segment, yet fell in total: SMB now holds 33% of users, up from 27%``.

    Empty unless each group that was there before moved the other way than the total did.
    """
    total = material.relative(name, material.span.previous)
    moves = [material.relative(name, material.span.previous, group) for group in material.groups]
    known = [move for move in moves if move is not None]
    if total is None or abs(total) < STILL or len(known) < 2:
        return ""
    if not all(move * total < 0 for move in known):
        return ""
    group = max(material.groups, key=lambda each: gain(material, name, each))
    before, now = (weight(material, name, group, is_before=each) for each in (True, False))
    words, below = material.words, material.metric(name).denominator.replace("_", " ")
    every = f"{SHORT[name]} {verb(-total)} in every {material.dimension}"
    return (
        f"{every}, yet {verb(total)} in total: {material.spoken(group)} now holds "
        f"{words.share(now, 0)} of {below}, up from {words.share(before, 0)}"
    )


def gain(material: Material, name: str, group: Group) -> float:
    """How much the group's weight has grown since the period before."""
    now, before = (weight(material, name, group, is_before=each) for each in (False, True))
    return now - before


def weight(material: Material, name: str, group: Group, *, is_before: bool) -> float:
    """The group's part of what the average is taken over."""
    period = material.span.previous if is_before else None
    total = material.number(name, period).denominator
    return (material.number(name, period, group).denominator or 0.0) / total if total else 0.0
