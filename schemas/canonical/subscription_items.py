"""billing/subscription_items."""

import pandera.polars as pa
import polars as pl

from schemas.canonical.checks import LARGEST_COUNT, LONGEST_INTERVAL, Data, is_currency
from schemas.canonical.enumerations import BillingUnit, Interval, Status, words


class SubscriptionItems(pa.DataFrameModel):
    """What each account is contracted to pay: one row per item and interval of unchanged terms."""

    item_id: pl.String = pa.Field(unique=True, description="Identifies the row.")
    subscription_id: pl.String = pa.Field(description="The subscription it belongs to.")
    account_id: pl.String = pa.Field(description="The account that pays, as in crm/accounts.")
    product: pl.String = pa.Field(description="Product sold.")
    plan: pl.String = pa.Field(description="Plan or edition of the product.")
    billing_unit: pl.String = pa.Field(
        isin=words(BillingUnit), description="What it is charged by."
    )
    status: pl.String = pa.Field(isin=words(Status), description="State during the interval.")
    seats: pl.Int64 = pa.Field(
        ge=0,
        le=LARGEST_COUNT,
        description="User seats this row grants; 0 on add-ons, so nobody counts twice.",
    )
    amount: pl.Int64 = pa.Field(
        ge=0,
        description="Price of all units per billing interval, before discount, in minor units.",
    )
    discount: pl.Int64 = pa.Field(
        ge=0, description="Taken off the amount per billing interval, in minor units."
    )
    currency: pl.String = pa.Field(description="ISO 4217 code of amount and discount.")
    interval: pl.String = pa.Field(
        isin=words(Interval), description="Calendar unit of the billing interval."
    )
    interval_count: pl.Int64 = pa.Field(
        ge=1,
        le=LONGEST_INTERVAL,
        description="Calendar units in one billing interval: 3 months bill quarterly.",
    )
    valid_from: pl.Date = pa.Field(description="First day these terms hold.")
    valid_to: pl.Date | None = pa.Field(
        nullable=True, description="First day these terms hold no more; null: still in force."
    )
    term_ends_on: pl.Date | None = pa.Field(
        nullable=True, description="End of the committed term; null: none is committed."
    )

    @pa.check("currency", name="currency")
    def _currency(cls, data: Data) -> pl.LazyFrame:
        """A currency is an upper-case ISO 4217 code, such as USD, EUR or JPY."""
        return data.lazyframe.select(is_currency(data.key))

    @pa.dataframe_check(name="discount-within-amount")
    def _discount_within_amount(cls, data: Data) -> pl.LazyFrame:
        """A discount is at most the amount it is taken off."""
        return data.lazyframe.select(pl.col("discount") <= pl.col("amount"))

    @pa.dataframe_check(name="interval-ordered")
    def _interval_ordered(cls, data: Data) -> pl.LazyFrame:
        """An interval ends after it starts (valid_to is exclusive)."""
        return data.lazyframe.select(pl.col("valid_from") < pl.col("valid_to"))
