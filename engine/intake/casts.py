"""Which types are read as which: only those that cannot lose or invent anything."""

import polars as pl

_SMALL_INTEGERS = (pl.Int8, pl.Int16, pl.Int32, pl.UInt8, pl.UInt16, pl.UInt32)

#: Digits that fit Int64 whatever they are.
_INT64_DIGITS = 18


def cast(column: str, found: pl.DataType, wanted: pl.DataType) -> pl.Expr | None:
    """The column in the wanted type; None where the found one is not safely read as it.

    Safe are: smaller integers and whole decimals of up to 18 digits as Int64; those, Int64,
    other decimals and Float32 (by its shortest decimal) as Float64; a timestamp as the Date it
    shows in its own time zone; dictionary-encoded text as String; all nulls as anything.
    """
    values = pl.col(column)
    if found == wanted:
        return values
    if found == pl.Null:
        return values.cast(wanted)
    if wanted == pl.Date and isinstance(found, pl.Datetime):
        return values.dt.date()
    if wanted == pl.String and is_dictionary(found):
        return values.cast(pl.String)
    if wanted == pl.Int64 and _is_small_integer(found):
        return values.cast(pl.Int64)
    return _as_float(values, found) if wanted == pl.Float64 else None


def is_dictionary(found: pl.DataType) -> bool:
    """Whether it is text stored as numbers into a dictionary."""
    return isinstance(found, (pl.Categorical, pl.Enum))


def _is_small_integer(found: pl.DataType) -> bool:
    if isinstance(found, pl.Decimal):
        return found.scale == 0 and found.precision <= _INT64_DIGITS
    return isinstance(found, _SMALL_INTEGERS)


def _as_float(values: pl.Expr, found: pl.DataType) -> pl.Expr | None:
    if found == pl.Float32:
        return values.cast(pl.String).cast(pl.Float64)
    if isinstance(found, (pl.Int64, pl.Decimal, *_SMALL_INTEGERS)):
        return values.cast(pl.Float64)
    return None
