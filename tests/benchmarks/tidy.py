"""One shape for what every engine answers, and whether two of them say the same.

A row has ``metric``, ``period``, ``group`` (JSON), ``top`` and ``below``, the sums behind it as
whole micro-units or counts (null where it is made of ratios), and ``value``.
"""

from collections.abc import Mapping

import polars as pl

_MICRO, _ONE = 10**6, 1
_MONEY = (_MICRO, _ONE)
_COUNT = (_ONE, _ONE)
_MOVES = ("new", "reactivation", "expansion", "contraction", "churn", "fx")

#: Units of the sums above and below the line of a metric, where it is one sum over another.
_UNITS: Mapping[str, tuple[int, int]] = {
    **dict.fromkeys(("mrr", "arpa", "arpu", "arppu", "cac", "cohort_mrr"), _MONEY),
    **{f"mrr_{kind}": _MONEY for kind in _MOVES},
    **dict.fromkeys(("accounts", "new_accounts", "churned_accounts"), _COUNT),
    **dict.fromkeys(("cohort_acquired", "cohort_active"), _COUNT),
    **dict.fromkeys(("nrr", "grr"), (_MICRO, _MICRO)),
}
_KEYS = ("metric", "period", "group")

#: What ratios may differ by, of what they are.
_TOLERANCE = 1e-9


def tidy(numbers: pl.DataFrame) -> pl.DataFrame:
    """Rows of ``numbers.SCHEMA`` in the common shape."""
    is_sum = pl.col("metric").is_in(list(_UNITS)) & ~pl.col("by").str.contains("effect")
    units = [
        pl.when(is_sum).then(
            pl.col("metric").replace_strict(
                {name: pair[side] for name, pair in _UNITS.items()}, default=None
            )
        )
        for side in (0, 1)
    ]
    return numbers.select(
        *_KEYS,
        (pl.col("numerator") * units[0]).round().cast(pl.Int64).alias("top"),
        (pl.col("denominator") * units[1]).round().cast(pl.Int64).alias("below"),
        "value",
    )


def difference(ours: pl.DataFrame, theirs: pl.DataFrame) -> pl.DataFrame:
    """The rows that are not the same in both; empty where the engines agree."""
    sides = [side.with_columns(found=True) for side in (ours, theirs)]
    both = sides[0].join(sides[1], on=_KEYS, how="full", suffix=" of theirs", coalesce=True)
    own, other = pl.col("value"), pl.col("value of theirs")
    near = (own - other).abs() <= _TOLERANCE * pl.max_horizontal(own.abs(), pl.lit(1.0))
    equal = [
        pl.col(name).eq_missing(pl.col(f"{name} of theirs")) for name in ("found", "top", "below")
    ]
    return both.filter(~pl.all_horizontal(*equal, near.fill_null(own.is_null() & other.is_null())))
