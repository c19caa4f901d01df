"""billing/invoice_lines."""

import pandera.polars as pa
import polars as pl

from schemas.canonical.checks import Data, is_currency
from schemas.canonical.enumerations import ChargeType, EntryType, words


class InvoiceLines(pa.DataFrameModel):
    """What was billed: one row per line of an invoice or credit note."""

    line_id: pl.String = pa.Field(unique=True, description="Identifies the row.")
    invoice_id: pl.String = pa.Field(description="The invoice or credit note it stands on.")
    account_id: pl.String = pa.Field(description="The account billed, as in crm/accounts.")
    subscription_id: pl.String | None = pa.Field(
        nullable=True, description="The subscription it bills; null: none."
    )
    product: pl.String = pa.Field(description="Product billed.")
    plan: pl.String | None = pa.Field(
        nullable=True, description="Plan or edition of the product; null: it has none."
    )
    charge_type: pl.String = pa.Field(isin=words(ChargeType), description="Kind of revenue.")
    entry_type: pl.String = pa.Field(
        isin=words(EntryType), description="Whether it charges, credits or refunds."
    )
    amount: pl.Int64 = pa.Field(
        description="Before discount and tax, in minor units; negative for credit and refund."
    )
    discount: pl.Int64 = pa.Field(
        ge=0, description="Taken off the amount, as a magnitude in minor units."
    )
    tax: pl.Int64 = pa.Field(description="Tax on top, in minor units, signed like the amount.")
    currency: pl.String = pa.Field(description="ISO 4217 code of amount, discount and tax.")
    service_from: pl.Date | None = pa.Field(
        nullable=True, description="First day of the service billed."
    )
    service_to: pl.Date | None = pa.Field(
        nullable=True,
        description="Day after the last of the service; both null: all falls on invoiced_on.",
    )
    invoiced_on: pl.Date = pa.Field(description="Day of the invoice.")

    @pa.check("currency", name="currency")
    def _currency(cls, data: Data) -> pl.LazyFrame:
        """A currency is an upper-case ISO 4217 code, such as USD, EUR or JPY."""
        return data.lazyframe.select(is_currency(data.key))

    @pa.dataframe_check(name="sign-of-entry")
    def _sign_of_entry(cls, data: Data) -> pl.LazyFrame:
        """A charge is never negative; a credit or refund never positive."""
        charged = pl.col("amount") >= 0
        given_back = pl.col("amount") <= 0
        is_charge = pl.col("entry_type") == EntryType.CHARGE.value
        is_credit = pl.col("entry_type") == EntryType.CREDIT.value
        is_refund = pl.col("entry_type") == EntryType.REFUND.value
        return data.lazyframe.select(
            (~is_charge | charged) & (~(is_credit | is_refund) | given_back)
        )

    @pa.dataframe_check(name="discount-within-amount")
    def _discount_within_amount(cls, data: Data) -> pl.LazyFrame:
        """A discount on a charge is at most the amount it is taken off."""
        is_charge = (pl.col("entry_type") == EntryType.CHARGE.value) & (pl.col("amount") >= 0)
        return data.lazyframe.select(~is_charge | (pl.col("discount") <= pl.col("amount")))

    @pa.dataframe_check(name="service-dates-together")
    def _service_dates_together(cls, data: Data) -> pl.LazyFrame:
        """A line has both service dates or neither."""
        return data.lazyframe.select(
            pl.col("service_from").is_null() == pl.col("service_to").is_null()
        )

    @pa.dataframe_check(name="service-dates-ordered")
    def _service_dates_ordered(cls, data: Data) -> pl.LazyFrame:
        """Service ends after it starts (service_to is exclusive)."""
        return data.lazyframe.select(pl.col("service_from") < pl.col("service_to"))
