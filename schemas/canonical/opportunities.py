"""crm/opportunities."""

import pandera.polars as pa
import polars as pl

from schemas.canonical.checks import Data, is_currency
from schemas.canonical.enumerations import OpportunityKind, words


class Opportunities(pa.DataFrameModel):
    """The pipeline: one row per opportunity, as it stands on the snapshot's day."""

    opportunity_id: pl.String = pa.Field(unique=True, description="Identifies the row.")
    account_id: pl.String | None = pa.Field(
        nullable=True, description="The account, as in crm/accounts; null: not yet one."
    )
    kind: pl.String = pa.Field(isin=words(OpportunityKind), description="What it would sell.")
    is_closed: pl.Boolean = pa.Field(description="Whether it is won or lost.")
    is_won: pl.Boolean = pa.Field(description="Whether it is won.")
    amount: pl.Int64 = pa.Field(description="First-year value, in minor units.")
    currency: pl.String = pa.Field(description="ISO 4217 code of the amount.")
    created_on: pl.Date = pa.Field(description="Day it was opened.")
    close_on: pl.Date = pa.Field(description="Day it is expected to close, or did.")
    channel: pl.String | None = pa.Field(nullable=True, description="How it came about.")
    campaign: pl.String | None = pa.Field(nullable=True, description="Campaign it came from.")
    vendor: pl.String | None = pa.Field(nullable=True, description="Partner it came from.")
    owner: pl.String | None = pa.Field(nullable=True, description="Who works on it.")

    @pa.check("currency", name="currency")
    def _currency(cls, data: Data) -> pl.LazyFrame:
        """A currency is an upper-case ISO 4217 code, such as USD, EUR or JPY."""
        return data.lazyframe.select(is_currency(data.key))

    @pa.dataframe_check(name="won-is-closed")
    def _won_is_closed(cls, data: Data) -> pl.LazyFrame:
        """An opportunity that is won is closed."""
        return data.lazyframe.select(~pl.col("is_won") | pl.col("is_closed"))
