"""crm/spend."""

import pandera.polars as pa
import polars as pl

from schemas.canonical.checks import Data, is_currency, is_month


class Spend(pa.DataFrameModel):
    """What sales and marketing cost: one row per month and what it was spent on."""

    month: pl.Date = pa.Field(description="First day of the month the cost falls in.")
    channel: pl.String = pa.Field(description="Channel it was spent on.")
    campaign: pl.String | None = pa.Field(nullable=True, description="Campaign it paid for.")
    vendor: pl.String | None = pa.Field(nullable=True, description="Who was paid.")
    category: pl.String = pa.Field(description="Kind of cost: advertising, salaries, events.")
    amount: pl.Int64 = pa.Field(description="Cost, in minor units; negative where refunded.")
    currency: pl.String = pa.Field(description="ISO 4217 code of the amount.")

    @pa.check("month", name="month-start")
    def _month_start(cls, data: Data) -> pl.LazyFrame:
        """A month is written as its first day."""
        return data.lazyframe.select(is_month(data.key))

    @pa.check("currency", name="currency")
    def _currency(cls, data: Data) -> pl.LazyFrame:
        """A currency is an upper-case ISO 4217 code, such as USD, EUR or JPY."""
        return data.lazyframe.select(is_currency(data.key))
