"""Two CRM exports that others published, brought into shape as they are: what is found in them.

A sales pipeline (Maven Analytics, ``crm_sales``) and Salesforce rows as Fivetran lands them
(``vendor_seeds``) are read from the folder that ``QUARTERDECK_REFERENCE`` names, else beside the
checkout; where they are absent the tests are skipped.
"""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from engine.intake.conversion import Conversion
from engine.intake.quarantine import quarantined
from engine.intake.snapshot import Snapshot, open_snapshot
from engine.intake.verdict import Verdict, verdict
from engine.settings.validation import Validation
from fixtures.stories import table_frame
from fixtures.tables import write
from tests.reference import REFERENCE, ROOT

ACCOUNTS, OPPORTUNITIES, LINES = "crm/accounts", "crm/opportunities", "billing/invoice_lines"


def published(name: str) -> Path:
    for folder in (REFERENCE, ROOT.parent / "shared" / "data"):
        if (folder / name).exists():
            return folder / name
    pytest.skip(f"the reference data is not there: {REFERENCE / name}")


def in_shape(folder: Path, table: str, frame: pl.DataFrame, *extra: str) -> None:
    """The frame with the canonical columns that it lacks as nulls, and extra ones."""
    schema = table_frame(table, []).schema
    have = [pl.col(name).cast(dtype) for name, dtype in schema.items() if name in frame.columns]
    lack = [pl.lit(None, dtype).alias(name) for name, dtype in schema.items() if name not in frame]
    write(folder, table, frame.select(*have, *lack, *extra))


def found(snapshot: Snapshot, *, quarantine: bool = False) -> Verdict:
    conversion = Conversion("USD", snapshot.as_of)
    aside = quarantined(snapshot, conversion, Validation()) if quarantine else None
    return verdict(snapshot, conversion, quarantine=aside)


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The pipeline, its accounts, and won deals as invoice lines that say "GTX Pro"."""
    folder = tmp_path_factory.mktemp("pipeline") / "2018-01-01"
    deals = pl.read_csv(published("crm_sales/sales_pipeline.csv"), try_parse_dates=True)
    accounts = pl.read_csv(published("crm_sales/accounts.csv"))
    prices = pl.read_csv(published("crm_sales/products.csv"))["product"].to_list()
    assert "GTX Pro" in prices
    who = accounts.select(
        pl.col("account").alias(
            "account_id",
        ),
        name="account",
        parent_account_id="subsidiary_of",
        industry="sector",
        region="office_location",
        signed_up_on=pl.date("year_established", 1, 1),
    )
    in_shape(folder, ACCOUNTS, who)
    opportunities = deals.select(
        "opportunity_id",
        "product",
        account_id="account",
        kind=pl.lit("new"),
        is_closed=pl.col("deal_stage").is_in(["Won", "Lost"]),
        is_won=pl.col("deal_stage") == "Won",
        amount=pl.col("close_value").fill_null(0) * 100,
        currency=pl.lit("USD"),
        created_on="engage_date",
        close_on="close_date",
        owner="sales_agent",
    )
    in_shape(folder, OPPORTUNITIES, opportunities, "product")
    lines = opportunities.filter("is_won", pl.col("account_id").is_not_null()).select(
        "account_id",
        "amount",
        "currency",
        line_id="opportunity_id",
        invoice_id="opportunity_id",
        product=pl.col("product").replace("GTXPro", "GTX Pro"),
        charge_type=pl.lit("one_time"),
        entry_type=pl.lit("charge"),
        discount=pl.lit(0),
        tax=pl.lit(0),
        invoiced_on="close_on",
    )
    in_shape(folder, LINES, lines)
    return open_snapshot(str(folder.parent))


def test_the_pipeline_lacks_days_and_spells_a_product_in_two_ways(pipeline: Snapshot) -> None:
    failures = {(each.rule, each.column): each for each in found(pipeline).failures}
    assert failures["nulls", "created_on"].rows == 500
    assert failures["nulls", "close_on"].rows == 2_089
    twice = failures["name-twice", "product"]
    assert twice.examples == ("GTX Pro (billing/invoice_lines) and GTXPro (crm/opportunities)",)
    assert set(failures) == {
        ("nulls", "created_on"),
        ("nulls", "close_on"),
        ("name-twice", "product"),
    }


def test_deals_without_a_day_are_set_aside_and_the_rest_holds(pipeline: Snapshot) -> None:
    """The 500 that were never engaged have no closing day either."""
    rest = found(pipeline, quarantine=True)
    assert rest.ok
    assert [(each.rule, each.column, each.rows) for each in rest.set_aside] == [
        ("nulls", "close_on", 1_589),
        ("nulls", "created_on", 500),
    ]
    assert {each.table: each.rows for each in rest.tables}[OPPORTUNITIES] == 8_800 - 2_089


@pytest.fixture(scope="module")
def salesforce(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """Ten accounts with their history rows and ten opportunities, none for an account of these."""
    folder = tmp_path_factory.mktemp("salesforce") / "2019-11-01"
    history = pl.read_parquet(published("vendor_seeds/salesforce/sf_account_history_data.parquet"))
    deals = pl.read_parquet(published("vendor_seeds/salesforce/sf_opportunity_data.parquet"))
    accounts = history.select(
        "name",
        "industry",
        account_id="id",
        parent_account_id="parent_id",
        owner="owner_id",
        signed_up_on=pl.col("_fivetran_start").dt.date(),
        valid_from="_fivetran_start",
        valid_to="_fivetran_end",
    )
    in_shape(folder, ACCOUNTS, accounts)
    opportunities = deals.select(
        "account_id",
        "is_closed",
        "is_won",
        opportunity_id="id",
        kind=pl.lit("new"),
        amount=(pl.col("amount") * 100).cast(pl.Int64),
        currency=pl.lit("USD"),
        created_on="created_date",
        close_on="close_date",
        owner="owner_id",
    )
    in_shape(folder, OPPORTUNITIES, opportunities)
    return open_snapshot(str(folder.parent))


def test_what_does_not_join_in_a_vendors_rows_is_told(salesforce: Snapshot) -> None:
    failures = {(each.rule, each.column): each.rows for each in found(salesforce).failures}
    assert failures == {
        ("interval-ordered", None): 3,
        ("nulls", "amount"): 6,
        ("close-before-created", None): 1,
        ("account-unknown", "account_id"): 10,
        ("stale", "created_on"): 0,
    }
    assert salesforce.as_of == date(2019, 11, 1)
