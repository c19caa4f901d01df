"""The currencies that money columns may name."""

from functools import cache


@cache
def currencies() -> frozenset[str]:
    """Upper-case ISO 4217 codes in use that have a minor unit (so not XAU, XTS or XXX)."""
    from iso4217 import Currency

    return frozenset(each.code for each in Currency if each.exponent is not None)
