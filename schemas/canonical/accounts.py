"""crm/accounts."""

import pandera.polars as pa
import polars as pl

from schemas.canonical.checks import Data


class Accounts(pa.DataFrameModel):
    """Who the customers are: one row per account, or per account and interval with history."""

    account_id: pl.String = pa.Field(description="Identifies the account.")
    name: pl.String = pa.Field(description="What the account is called.")
    parent_account_id: pl.String | None = pa.Field(
        nullable=True, description="The account that owns this one; null: none."
    )
    segment: pl.String | None = pa.Field(nullable=True, description="Size or kind of customer.")
    industry: pl.String | None = pa.Field(nullable=True, description="Line of business.")
    region: pl.String | None = pa.Field(nullable=True, description="Where the account is.")
    channel: pl.String | None = pa.Field(nullable=True, description="How it was won.")
    campaign: pl.String | None = pa.Field(nullable=True, description="Campaign that won it.")
    vendor: pl.String | None = pa.Field(nullable=True, description="Partner that won it.")
    owner: pl.String | None = pa.Field(nullable=True, description="Who looks after it.")
    signed_up_on: pl.Date = pa.Field(description="Day the account signed up.")
    valid_from: pl.Date | None = pa.Field(
        nullable=True, description="First day these attributes hold; null: since ever."
    )
    valid_to: pl.Date | None = pa.Field(
        nullable=True, description="First day they hold no more; null: still in force."
    )

    @pa.dataframe_check(name="interval-ordered")
    def _interval_ordered(cls, data: Data) -> pl.LazyFrame:
        """An interval ends after it starts (valid_to is exclusive)."""
        return data.lazyframe.select(pl.col("valid_from") < pl.col("valid_to"))

    class Config(pa.DataFrameModel.Config):
        """What identifies a row."""

        unique = ["account_id", "valid_from"]  # noqa: RUF012  Pandera asks for a list
