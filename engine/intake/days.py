"""Days as people write them, to dates; a text that is no day becomes null."""

import polars as pl

_ISO = r"^\d{4}-\d{2}-\d{2}(?:[T ].*)?$"

#: Two-digit years read as four, and seconds read as days, lie outside.
_YEARS = (1900, 2262)


def day(cell: pl.Expr, dtype: pl.DataType, date_format: str) -> pl.Expr:
    """The day in a cell as Date.

    A time of day is left off: the day is the one written, or for a stored time that of its own
    time zone.

    Args:
        dtype: The cell's type; dates and times need no format.
        date_format: As for strptime; empty for ISO 8601.
    """
    if dtype == pl.Datetime:
        return cell.dt.date()
    if dtype == pl.Date:
        return cell
    text = cell.cast(pl.String)
    if date_format:
        found = text.str.strptime(pl.Date, date_format, strict=False)
    else:
        iso = pl.when(text.str.contains(_ISO)).then(text.str.head(10))
        found = iso.str.strptime(pl.Date, "%Y-%m-%d", strict=False)
    return pl.when(found.dt.year().is_between(*_YEARS)).then(found)
