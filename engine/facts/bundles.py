"""Bundles taken apart: a product's MRR allocated to others by fixed shares, exactly."""

from collections.abc import Mapping
from fractions import Fraction
from itertools import accumulate

import polars as pl

from engine.facts.contracted import MONEY
from engine.facts.keys import LABEL
from engine.money import factor_columns, scaled

_SEATS = frozenset(("paid_seats", "free_users"))


def unbundled(states: pl.DataFrame, bundles: Mapping[str, Mapping[str, float]]) -> pl.DataFrame:
    """The states with every bundle's rows replaced by rows of its products.

    Money is cut at cumulative shares, rounded half to even, so the parts add up to the bundle.
    Seats go whole to the product with the largest share (ties by name): nobody counts twice.

    Args:
        states: Has ``product``.
        bundles: Bundle → product → share; a bundle's shares add up to one.
    """
    if not bundles:
        return states
    held = [name for name in states.columns if name in _SEATS]
    parts = (
        states.lazy()
        .join(_parts(bundles), on="product", how="left")
        .with_columns(
            *[_share(each).alias(each) for each in MONEY],
            *[
                pl.when(pl.col("leads").fill_null(True)).then(seats).otherwise(0).alias(seats)
                for seats in held
            ],
            pl.coalesce("part", "product").alias("product"),
        )
    )
    keys = [name for name in states.columns if name not in (*MONEY, *held)]
    return parts.group_by(keys).agg(pl.col(*MONEY, *held).sum()).select(states.columns).collect()


def _share(money: str) -> pl.Expr:
    whole = pl.col(money)
    part = scaled(whole, "end_top", "end_bottom") - scaled(whole, "top", "bottom")
    return pl.when(pl.col("part").is_null()).then(whole).otherwise(part)


def _parts(bundles: Mapping[str, Mapping[str, float]]) -> pl.LazyFrame:
    """One row per bundle and product: where its share begins and ends, as Int128 fractions."""
    rows = [row for bundle, shares in sorted(bundles.items()) for row in _rows(bundle, shares)]
    top, bottom = factor_columns([row[3] for row in rows])
    end_top, end_bottom = factor_columns([row[4] for row in rows])
    names = pl.DataFrame(
        [row[:3] for row in rows], schema=["product", "part", "leads"], orient="row"
    )
    ends = (end_top.alias("end_top"), end_bottom.alias("end_bottom"))
    coded = pl.col("product", "part").cast(LABEL)
    return names.with_columns(coded, top, bottom, *ends).lazy()


def _rows(
    bundle: str, shares: Mapping[str, float]
) -> list[tuple[str, str, bool, Fraction, Fraction]]:
    products = sorted(shares)
    exact = [Fraction(repr(shares[product])) for product in products]
    ends = list(accumulate(exact))
    starts = [Fraction(0), *ends[:-1]]
    leads = min(products, key=lambda product: (-shares[product], product))
    return [
        (bundle, product, product == leads, start, end)
        for product, start, end in zip(products, starts, ends, strict=True)
    ]
