"""billing/fx_rates."""

import pandera.polars as pa
import polars as pl

from schemas.canonical.checks import Data, is_currency, is_month


class FxRates(pa.DataFrameModel):
    """Exchange rates: one row per month and pair of currencies."""

    month: pl.Date = pa.Field(description="First day of the month the rate holds for.")
    from_currency: pl.String = pa.Field(description="ISO 4217 code of the money converted.")
    to_currency: pl.String = pa.Field(description="ISO 4217 code of what it becomes.")
    rate: pl.Float64 = pa.Field(
        gt=0, description="Units of to_currency for one of from_currency, read as a decimal."
    )

    @pa.check("month", name="month-start")
    def _month_start(cls, data: Data) -> pl.LazyFrame:
        """A month is written as its first day."""
        return data.lazyframe.select(is_month(data.key))

    @pa.check("from_currency", "to_currency", name="currency")
    def _currency(cls, data: Data) -> pl.LazyFrame:
        """A currency is an upper-case ISO 4217 code, such as USD, EUR or JPY."""
        return data.lazyframe.select(is_currency(data.key))

    @pa.check("rate", name="finite")
    def _finite(cls, data: Data) -> pl.LazyFrame:
        """A rate is a finite number."""
        return data.lazyframe.select(pl.col(data.key).is_finite())

    class Config(pa.DataFrameModel.Config):
        """What identifies a row."""

        unique = ["month", "from_currency", "to_currency"]  # noqa: RUF012  Pandera asks for a list
