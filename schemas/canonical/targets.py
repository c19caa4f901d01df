"""crm/targets."""

import pandera.polars as pa
import polars as pl

from schemas.canonical.checks import Data


class Targets(pa.DataFrameModel):
    """Plan figures: one row per period, metric and group; further columns are the group's."""

    period: pl.String = pa.Field(
        str_matches=r"^\d{4}(-(0[1-9]|1[0-2])|[Qq][1-4])?$",
        description="A month 2026-06, a fiscal quarter 2026Q2 or a fiscal year 2026.",
    )
    metric: pl.String = pa.Field(description="Id of the metric that is planned.")
    value: pl.Float64 = pa.Field(description="The plan, in major units, counts or fractions.")

    @pa.check("value", name="finite")
    def _finite(cls, data: Data) -> pl.LazyFrame:
        """A plan figure is a finite number."""
        return data.lazyframe.select(pl.col(data.key).is_finite())
