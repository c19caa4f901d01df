"""billing/account_users."""

import pandera.polars as pa
import polars as pl

from schemas.canonical.checks import LARGEST_COUNT, Data, is_month


class AccountUsers(pa.DataFrameModel):
    """Month-end head counts: one row per account and month."""

    account_id: pl.String = pa.Field(description="The account, as in crm/accounts.")
    month: pl.Date = pa.Field(description="First day of the month counted.")
    active_users: pl.Int64 = pa.Field(
        ge=0, le=LARGEST_COUNT, description="People active at the month's end."
    )

    @pa.check("month", name="month-start")
    def _month_start(cls, data: Data) -> pl.LazyFrame:
        """A month is written as its first day."""
        return data.lazyframe.select(is_month(data.key))

    class Config(pa.DataFrameModel.Config):
        """What identifies a row."""

        unique = ["account_id", "month"]  # noqa: RUF012  Pandera asks for a list
