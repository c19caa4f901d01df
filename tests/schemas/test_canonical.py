"""The canonical models are SPEC §1, told column by column."""

import re
import subprocess
import sys
from datetime import date

import polars as pl
import pytest
from pandera.config import ValidationDepth, config_context
from pandera.errors import SchemaErrors

from fixtures.tables import SCHEMAS
from schemas.canonical import TABLES, Table
from schemas.canonical.currencies import currencies
from schemas.canonical.enumerations import words

#: SPEC §1: columns marked ? there.
OPTIONAL = {
    "billing/subscription_items": {"valid_to", "term_ends_on"},
    "billing/invoice_lines": {"subscription_id", "plan", "service_from", "service_to"},
    "billing/account_users": set(),
    "billing/fx_rates": set(),
    "crm/accounts": {
        *("parent_account_id", "segment", "industry", "region", "channel", "campaign"),
        *("vendor", "owner", "valid_from", "valid_to"),
    },
    "crm/opportunities": {"account_id", "channel", "campaign", "vendor", "owner"},
    "crm/spend": {"campaign", "vendor"},
    "crm/targets": set(),
}

#: Tables whose rows an identifier, or a set of columns, tells apart.
KEYS = {
    "billing/subscription_items": ("item_id",),
    "billing/invoice_lines": ("line_id",),
    "billing/account_users": ("account_id", "month"),
    "billing/fx_rates": ("month", "from_currency", "to_currency"),
    "crm/accounts": ("account_id", "valid_from"),
    "crm/opportunities": ("opportunity_id",),
    "crm/spend": (),
    "crm/targets": (),
}

each_table = pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)


@each_table
def test_a_table_has_the_columns_and_types_of_a_good_export(table: Table) -> None:
    """The fixtures state them on their own; `segment` is an extra column of the targets."""
    expected = dict(SCHEMAS[table.name])
    if table.name == "crm/targets":
        del expected["segment"]
    assert {each.name: each.dtype for each in table.columns} == expected


@each_table
def test_only_columns_that_the_contract_marks_may_be_absent(table: Table) -> None:
    assert {each.name for each in table.columns if each.is_optional} == OPTIONAL[table.name]


@each_table
def test_a_column_may_be_null_if_and_only_if_it_may_be_absent(table: Table) -> None:
    columns = table.schema.columns.values()
    assert [each.name for each in columns if each.nullable == each.required] == []


@each_table
def test_a_table_knows_its_key(table: Table) -> None:
    assert table.key == KEYS[table.name]


@each_table
def test_every_column_is_described_in_a_sentence(table: Table) -> None:
    for column in table.columns:
        assert re.fullmatch(r"[A-Z].*\.", column.description), column.name


@each_table
def test_money_is_described_in_minor_units(table: Table) -> None:
    money = [each for each in table.columns if each.name in {"amount", "discount", "tax"}]
    assert [each.name for each in money if "minor units" not in each.description] == []


@each_table
def test_every_rule_between_columns_says_what_holds(table: Table) -> None:
    checks = [*(table.schema.checks or ())]
    checks += [each for column in table.schema.columns.values() for each in column.checks]
    own = [each for each in checks if each.name and each.registry_name is None]
    assert [each.name for each in own if not each.description] == []


def test_only_the_accounts_are_needed_by_every_policy() -> None:
    assert [each.name for each in TABLES.values() if each.is_required] == ["crm/accounts"]


def test_extra_columns_are_kept() -> None:
    assert {each.name: each.schema.strict for each in TABLES.values() if each.schema.strict} == {}


def test_currencies_have_a_minor_unit() -> None:
    assert {"USD", "JPY", "KWD", "EUR"} < currencies()
    assert not {"XXX", "XTS", "XAU", "usd", ""} & currencies()


@pytest.mark.parametrize(
    ("table", "column", "expected"),
    [
        ("billing/subscription_items", "billing_unit", "seat account usage"),
        (
            "billing/subscription_items",
            "status",
            "trialing active past_due paused unpaid cancelled",
        ),
        ("billing/subscription_items", "interval", "day week month year"),
        ("billing/invoice_lines", "charge_type", "recurring usage one_time"),
        ("billing/invoice_lines", "entry_type", "charge credit refund"),
        ("crm/opportunities", "kind", "new expansion renewal"),
    ],
)
def test_enumerations_are_those_of_the_contract(table: str, column: str, expected: str) -> None:
    (check,) = TABLES[table].schema.columns[column].checks
    assert check.statistics["allowed_values"] == expected.split()


def test_the_words_of_a_closed_set_are_plain_texts() -> None:
    """Polars takes a Python enumeration for a type of its own."""
    from schemas.canonical.enumerations import Status

    assert {type(word) for word in words(Status)} == {str}


def test_asking_for_the_tables_does_not_import_pandera() -> None:
    code = "import sys, schemas.canonical; sys.exit('pandera' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_models_are_usable_with_pandera_itself() -> None:
    rate = {"month": date(2026, 1, 2), "from_currency": "EUR", "to_currency": "usd", "rate": -1.0}
    frame = pl.DataFrame([rate], schema_overrides={"month": pl.Date})
    with (
        config_context(validation_depth=ValidationDepth.SCHEMA_AND_DATA),
        pytest.raises(SchemaErrors) as caught,
    ):
        TABLES["billing/fx_rates"].schema.validate(frame.lazy(), lazy=True)
    broken = {(each["column"], each["check"]) for each in caught.value.failure_cases.to_dicts()}
    assert broken == {
        ("month", "month-start"),
        ("to_currency", "currency"),
        ("rate", "greater_than(0)"),
    }
