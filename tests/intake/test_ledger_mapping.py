"""What a mapping in quarterdeck.toml may say."""

import textwrap
import tomllib
from collections.abc import Mapping

import pytest
from pydantic import ValidationError

import engine.mapping
from engine.mapping import (
    ACCOUNT_COLUMNS,
    CHOICES,
    OPTIONAL_COLUMNS,
    REQUIRED_COLUMNS,
    LedgerMapping,
)
from schemas.canonical import TABLES
from schemas.canonical.enumerations import ChargeType, EntryType, words
from tests.intake.small_ledger import PLAIN, SERVICE, mapped
from tests.reference import MAPPING


def test_the_example_in_the_docstring_is_a_mapping() -> None:
    text = textwrap.dedent((engine.mapping.__doc__ or "").partition("::\n")[2])
    mapping = LedgerMapping.model_validate(tomllib.loads(text)["mappings"]["billing"])
    assert mapping.values["charge_type"]["recurring"] == ("subscription", "renewal")
    assert set(mapping.model_dump()) - set(mapping.model_fields_set) == {"kind"}


def test_its_columns_are_the_contracts() -> None:
    lines = [column.name for column in TABLES["billing/invoice_lines"].columns]
    accounts = [column.name for column in TABLES["crm/accounts"].columns]
    assert sorted(lines) == sorted((*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS))
    assert sorted(accounts) == sorted((*ACCOUNT_COLUMNS, "account_id", "valid_from", "valid_to"))


def test_its_closed_sets_are_the_contracts() -> None:
    assert list(CHOICES["charge_type"]) == words(ChargeType)
    assert list(CHOICES["entry_type"]) == words(EntryType)


def test_it_names_each_column_of_the_file_once() -> None:
    assert mapped(account={"name": "customer", "segment": "tier"}).source_columns == (
        "customer",
        "date",
        "amount",
        "tier",
    )


def test_it_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        MAPPING.currency = "EUR"  # pyright: ignore[reportAttributeAccessIssue]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"columns": {"acount_id": "x"}}, "`acount_id` is not a column of billing/invoice_lines;"),
        ({"columns": {"acount_id": "x"}}, "did you mean `account_id`"),
        ({"account": {"segmnt": "x"}}, "did you mean `segment`?"),
        ({"account": {"valid_from": "x"}}, "`valid_from` of crm/accounts is made by the import"),
        ({"account": {"Sales Rep": "x"}}, "should match pattern"),
        ({"values": {"charge_type": {}}}, "`values.charge_type` has no column"),
        ({"defaults": {"charge_type": "monthly"}}, "`monthly` is not a charge_type; known:"),
        ({"defaults": {"amount": "1"}}, "`amount` is not a column that may have a default"),
        ({"currency": "usd"}, "should match pattern"),
        ({"currency": ""}, 'give the ledger a `currency = "USD"`'),
        ({"columns": SERVICE}, "say whether `service_end` is `inclusive`"),
        ({"columns": {"service_from": "x"}}, "map both `service_from` and `service_to`"),
        ({"service_end": "open"}, "should be '', 'inclusive' or 'exclusive'"),
        ({"date_format": "DD/MM/YYYY"}, "should match pattern"),
        ({"encoding": "utf-9"}, "`utf-9` is not a text encoding"),
        ({"separator": ""}, "at least 1 character"),
        ({"thousands_separator": "."}, "cannot be both decimal mark and thousands separator"),
        ({"account_history": True}, "needs an attribute under `account`"),
        ({"amount_sign": "unsigned"}, "unsigned amounts need an `entry_type`"),
        ({"kep_extra": True}, "Extra inputs are not permitted"),
        ({"kind": "stripe"}, "should be 'ledger'"),
    ],
)
def test_what_it_may_not_say(changes: Mapping[str, object], says: str) -> None:
    with pytest.raises(ValidationError) as caught:
        mapped(**changes)
    assert says in str(caught.value)


def test_a_default_of_a_service_day_is_a_day() -> None:
    with pytest.raises(ValidationError, match="neither `invoiced_on` nor an ISO date: `soon`"):
        mapped(service_end="exclusive", columns=SERVICE, defaults={"service_to": "soon"})


def test_a_value_of_the_file_means_one_thing() -> None:
    values = {"charge_type": {"recurring": ["x"], "usage": ["x"]}}
    with pytest.raises(ValidationError, match="takes `x` for two things"):
        mapped(columns={"charge_type": "type"}, values=values)


def test_a_mapped_value_is_of_the_closed_set() -> None:
    with pytest.raises(ValidationError, match="`recuring` is not a charge_type; did you mean"):
        mapped(columns={"charge_type": "type"}, values={"charge_type": {"recuring": ["x"]}})


@pytest.mark.parametrize("column", ["product", "charge_type"])
def test_product_and_charge_type_come_from_somewhere(column: str) -> None:
    defaults = {"product": "Core", "charge_type": "recurring"}
    del defaults[column]
    with pytest.raises(ValidationError, match=f"give `{column}` a column, or a constant"):
        LedgerMapping.model_validate({**PLAIN, "defaults": defaults})


@pytest.mark.parametrize("name", ["country", "sub_segment", "segment_2"])
def test_an_account_may_have_attributes_of_its_own(name: str) -> None:
    assert mapped(account={name: "x"}).attributes == (name,)
