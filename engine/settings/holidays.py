"""Which days are worked: of a country, a part of one, or an exchange."""

import holidays
from holidays import HolidayBase


def calendar(name: str) -> HolidayBase:
    """The working days by that name; empty: Monday to Friday; an unknown one is a ValueError.

    Args:
        name: `DE`, `DE-BY`, or an exchange or central bank: `NYSE`, `ECB`.
    """
    if not name:
        return HolidayBase()
    country, _, part = name.partition("-")
    try:
        if country in holidays.list_supported_countries(include_aliases=True):
            return holidays.country_holidays(country, subdiv=part or None)
        return holidays.financial_holidays(name)
    except NotImplementedError as error:
        message = f"no holidays are known for `{name}`: write `DE`, `DE-BY` or `NYSE`"
        raise ValueError(message) from error
