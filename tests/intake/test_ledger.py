"""A flat ledger becomes invoice lines."""

import codecs
import csv
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from engine.intake.ledger import ImportResult, summary
from schemas.canonical import TABLES
from tests.intake.small_ledger import SERVICE, csv_file, imported, parquet_file
from tests.reference import EXPORT, imported_ledger


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> ImportResult:
    return imported_ledger(tmp_path_factory.mktemp("snapshots"))


@pytest.fixture(scope="module")
def reference_lines(reference: ImportResult) -> pl.DataFrame:
    return pl.read_parquet(reference.snapshot / "billing" / "invoice_lines.parquet")


@pytest.fixture(scope="module")
def export() -> list[dict[str, str]]:
    with EXPORT.open(newline="") as file:
        return list(csv.DictReader(file))


def test_the_reference_ledger_comes_in_whole(reference: ImportResult) -> None:
    assert (reference.lines, reference.accounts, reference.account_rows) == (4_907, 385, 385)
    assert (reference.first_day, reference.last_day) == (date(2024, 1, 1), date(2025, 12, 28))


def test_the_reference_ledgers_sum_is_the_exports_to_the_cent(
    reference: ImportResult, export: list[dict[str, str]]
) -> None:
    assert reference.totals == {"USD": sum(int(Decimal(row["Amount"]) * 100) for row in export)}


def test_each_account_of_the_reference_ledger_sums_to_the_cent(
    reference_lines: pl.DataFrame, export: list[dict[str, str]]
) -> None:
    cents: dict[str, int] = {}
    for row in export:
        cents[row["Customer"]] = cents.get(row["Customer"], 0) + int(Decimal(row["Amount"]) * 100)
    sums = reference_lines.group_by("account_id").agg(pl.col("amount").sum())
    assert dict(sums.iter_rows()) == cents


def test_an_inclusive_end_moves_by_a_day(
    reference_lines: pl.DataFrame, export: list[dict[str, str]]
) -> None:
    theirs = sorted(
        (date.fromisoformat(row["Service Start"]), date.fromisoformat(row["Service End"]))
        for row in export
        if row["Service Start"]
    )
    ours = reference_lines.select("service_from", "service_to").drop_nulls().sort(pl.all())
    moved = [(since, last + timedelta(days=1)) for since, last in theirs]
    assert ours.rows() == moved
    assert ours.height == 120


def test_lines_without_service_dates_have_neither(reference_lines: pl.DataFrame) -> None:
    nulls = reference_lines.select("service_from", "service_to").null_count()
    assert nulls.row(0) == (4_787, 4_787)


@pytest.mark.parametrize("table", ["billing/invoice_lines", "crm/accounts"])
def test_what_an_import_writes_keeps_to_the_contract(reference: ImportResult, table: str) -> None:
    frame = pl.read_parquet(reference.snapshot / f"{table}.parquet")
    columns = TABLES[table].columns
    absent = [each for each in columns if each.is_optional and each.name not in frame.columns]
    nulls = [pl.lit(None, each.dtype).alias(each.name) for each in absent]
    TABLES[table].schema.validate(frame.with_columns(nulls))


def test_two_imports_of_one_ledger_are_the_same_bytes(
    reference: ImportResult, tmp_path: Path
) -> None:
    again = imported_ledger(tmp_path)
    files = sorted(path.relative_to(again.snapshot) for path in again.snapshot.rglob("*.parquet"))
    assert len(files) == 2
    for file in files:
        assert (again.snapshot / file).read_bytes() == (reference.snapshot / file).read_bytes()


def test_a_negative_line_is_a_credit_unless_its_type_is_mapped(tmp_path: Path) -> None:
    lines = imported(
        tmp_path,
        """customer,date,amount
           A,2026-01-01,10
           A,2026-01-01,-4""",
    ).lines
    assert lines.select("entry_type", "amount").rows() == [("charge", 1000), ("credit", -400)]


def test_unsigned_amounts_take_their_sign_from_their_type(tmp_path: Path) -> None:
    lines = imported(
        tmp_path,
        """customer,date,amount,type
           A,2026-01-01,10,inv
           A,2026-01-02,4,cn
           A,2026-01-03,1,rf""",
        amount_sign="unsigned",
        columns={"entry_type": "type"},
        values={"entry_type": {"charge": ["inv"], "credit": ["cn"], "refund": ["rf"]}},
    ).lines
    assert lines.select("entry_type", "amount").rows() == [
        ("charge", 1000),
        ("credit", -400),
        ("refund", -100),
    ]


def test_the_files_values_are_translated(tmp_path: Path) -> None:
    lines = imported(
        tmp_path,
        """customer,date,amount,what,item
           A,2026-01-01,10,renewal,ent
           A,2026-01-02,10,setup,ent
           A,2026-01-03,10,usage,pro""",
        columns={"charge_type": "what", "product": "item"},
        values={
            "charge_type": {"recurring": ["subscription", "renewal"], "one_time": ["setup"]},
            "product": {"Enterprise": ["ent"]},
        },
    ).lines
    assert lines["charge_type"].to_list() == ["recurring", "one_time", "usage"]
    assert lines["product"].to_list() == ["Enterprise", "Enterprise", "pro"]


def test_a_default_fills_empty_cells_of_a_column_too(tmp_path: Path) -> None:
    found = imported(
        tmp_path,
        """customer,date,amount,item
           A,2026-01-01,10,
           A,2026-01-02,10,Pro""",
        columns={"product": "item"},
    )
    assert found.lines["product"].to_list() == ["Core", "Pro"]
    assert found.result.defaulted["product"] == 1


def test_declared_texts_mean_empty(tmp_path: Path) -> None:
    found = imported(
        tmp_path,
        """customer,date,amount,item
           A,2026-01-01,10,n/a""",
        columns={"product": "item"},
        null_values=["n/a"],
    )
    assert found.lines["product"].to_list() == ["Core"]


def test_discount_and_tax_are_read_and_are_zero_where_empty(tmp_path: Path) -> None:
    lines = imported(
        tmp_path,
        """customer,date,amount,off,vat
           A,2026-01-01,10,2.50,1.90
           A,2026-01-02,10,,""",
        columns={"discount": "off", "tax": "vat"},
    ).lines
    assert lines.select("discount", "tax").rows() == [(250, 190), (0, 0)]


def test_optional_columns_are_there_only_if_the_ledger_has_them(tmp_path: Path) -> None:
    plain = imported(tmp_path, "customer,date,amount\nA,2026-01-01,10").lines
    assert not {"subscription_id", "plan"} & set(plain.columns)


def test_a_missing_start_of_service_may_default_to_the_invoice_date(tmp_path: Path) -> None:
    lines = imported(
        tmp_path,
        """customer,date,amount,from,to
           A,2026-01-05,10,,2026-01-31
           A,2026-02-05,10,,""",
        service_end="inclusive",
        columns=SERVICE,
        defaults={"service_from": "invoiced_on"},
    ).lines
    assert lines.select("service_from", "service_to").rows() == [
        (date(2026, 1, 5), date(2026, 2, 1)),
        (None, None),
    ]


def test_an_exclusive_end_stays(tmp_path: Path) -> None:
    lines = imported(
        tmp_path,
        """customer,date,amount,from,to
           A,2026-01-05,10,2026-01-01,2026-02-01""",
        service_end="exclusive",
        columns=SERVICE,
    ).lines
    assert lines["service_to"].to_list() == [date(2026, 2, 1)]


def test_lines_without_identifiers_are_numbered_by_account_and_day(tmp_path: Path) -> None:
    """In the order of their content, not of the file."""
    lines = imported(
        tmp_path,
        """customer,date,amount
           B,2026-01-01,5
           A,2026-01-01,10
           A,2026-01-01,7""",
    ).lines
    assert lines.select("line_id", "invoice_id", "amount").rows() == [
        ("A/2026-01-01/1", "A/2026-01-01", 700),
        ("A/2026-01-01/2", "A/2026-01-01", 1000),
        ("B/2026-01-01/1", "B/2026-01-01", 500),
    ]


def test_identifiers_stay_when_the_ledger_grows(tmp_path: Path) -> None:
    before = imported(tmp_path / "a", "customer,date,amount\nB,2026-01-01,5").lines
    after = imported(
        tmp_path / "b",
        """customer,date,amount
           A,2026-01-01,10
           B,2026-01-01,5
           B,2026-02-01,5""",
    ).lines
    assert set(before["line_id"]) < set(after["line_id"])


def test_mapped_identifiers_are_kept(tmp_path: Path) -> None:
    lines = imported(
        tmp_path,
        """customer,date,amount,line,invoice
           A,2026-01-01,10,L1,I1
           A,2026-01-02,10,,I2""",
        columns={"line_id": "line", "invoice_id": "invoice"},
    ).lines
    assert lines.select("line_id", "invoice_id").rows() == [("L1", "I1"), ("I2/1", "I2")]


def test_other_columns_stay_on_the_lines_under_snake_case_names(tmp_path: Path) -> None:
    found = imported(
        tmp_path,
        """customer,date,amount,Sales Rep,billingCountry
           A,2026-01-01,10,Kim,DE""",
    )
    assert found.result.kept == ("sales_rep", "billing_country")
    assert found.lines.select("sales_rep", "billing_country").rows() == [("Kim", "DE")]


@pytest.mark.parametrize(
    ("keep", "kept"), [(False, ()), (["Rep"], ("rep",)), (True, ("rep", "note"))]
)
def test_which_other_columns_stay_can_be_declared(
    tmp_path: Path, keep: bool | list[str], kept: tuple[str, ...]
) -> None:
    found = imported(
        tmp_path, "customer,date,amount,Rep,Note\nA,2026-01-01,10,Kim,x", keep_extra=keep
    )
    assert found.result.kept == kept
    assert len(found.result.dropped) == 2 - len(kept)


def test_several_files_are_one_ledger(tmp_path: Path) -> None:
    found = imported(
        tmp_path,
        "customer,date,amount,rep\nA,2026-01-01,10,Kim",
        "customer,date,amount\nB,2026-02-01,20",
    )
    assert found.lines.select("account_id", "rep").rows() == [("A", "Kim"), ("B", None)]
    assert found.result.totals == {"USD": 3000}


def test_the_order_of_files_does_not_matter(tmp_path: Path) -> None:
    files = [
        csv_file(tmp_path, "customer,date,amount\nA,2026-01-01,10", "x.csv"),
        csv_file(tmp_path, "customer,date,amount\nA,2026-01-01,7", "y.csv"),
    ]
    one, two = tmp_path / "one", tmp_path / "two"
    assert imported(one, *files).lines.equals(imported(two, *reversed(files)).lines)


def test_lines_that_stand_in_two_files_are_warned_of(tmp_path: Path) -> None:
    text = "customer,date,amount\nA,2026-01-01,10\nA,2026-01-01,10"
    once = imported(tmp_path / "once", text)
    twice = imported(tmp_path / "twice", text, text)
    assert once.result.warnings == ()
    assert "lines that stand alike in several files: 4" in twice.result.warnings[0]


def test_lines_invoiced_after_the_export_are_warned_of(tmp_path: Path) -> None:
    found = imported(tmp_path, "customer,date,amount\nA,2026-07-02,10")
    assert "lines invoiced after 2026-07-01, the day of the export: 1" in found.result.warnings[0]


def test_csv_comes_as_spreadsheets_write_it(tmp_path: Path) -> None:
    """A byte-order mark, semicolons, CRLF, quoted line breaks, blank rows, outer blanks."""
    path = tmp_path / "ledger.csv"
    text = 'customer ;date;amount;note\r\n" A ";2026-01-01;"1,50";"two\r\nlines"\r\n;;;\r\n\r\n'
    path.write_bytes(codecs.BOM_UTF8 + text.encode())
    found = imported(tmp_path, path, separator=";", decimal_mark=",")
    assert found.lines.select("account_id", "amount").rows() == [("A", 150)]
    assert found.lines["note"].str.replace("\r", "").to_list() == ["two\nlines"]
    assert found.result.blank_rows == 2


def test_csv_may_be_in_a_declared_encoding(tmp_path: Path) -> None:
    path = tmp_path / "ledger.csv"
    path.write_bytes("customer,date,amount\nMüller,2026-01-01,10\n".encode("cp1252"))
    assert imported(tmp_path, path, encoding="cp1252").lines["account_id"].to_list() == ["Müller"]


def test_days_may_be_written_otherwise(tmp_path: Path) -> None:
    found = imported(tmp_path, "customer,date,amount\nA,31/01/2026,10", date_format="%d/%m/%Y")
    assert found.lines["invoiced_on"].to_list() == [date(2026, 1, 31)]


@pytest.mark.parametrize("written", ["2026-01-31T23:59:59Z", "2026-01-31 00:00:00"])
def test_a_time_of_day_is_left_off(tmp_path: Path, written: str) -> None:
    found = imported(tmp_path, f"customer,date,amount\nA,{written},10")
    assert found.lines["invoiced_on"].to_list() == [date(2026, 1, 31)]


@pytest.mark.parametrize("name", ["ledger.parquet", "ledger.data"])
def test_parquet_is_told_by_its_content(tmp_path: Path, name: str) -> None:
    path = parquet_file(tmp_path, name, amount=[5852.03, 0.1, None, -44.7][:2])
    assert imported(tmp_path, path).lines["amount"].to_list() == [10, 585203]


def test_parquet_columns_keep_their_types(tmp_path: Path) -> None:
    """Numbers as identifiers and times as days are read; other columns stay as they are."""
    path = parquet_file(
        tmp_path, customer=[7], date=[datetime(2026, 1, 31, 23, 30)], amount=[10], seats=[3]
    )
    found = imported(tmp_path, path)
    assert found.lines.select("account_id", "invoiced_on", "seats").rows() == [
        ("7", date(2026, 1, 31), 3)
    ]


def test_a_file_of_numbers_alone_is_read(tmp_path: Path) -> None:
    path = parquet_file(tmp_path, customer=[7], amount=[10])
    assert imported(tmp_path, path).lines["account_id"].to_list() == ["7"]


def test_a_files_name_is_no_pattern(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "customer,date,amount\nA,2026-01-01,1", "ledger[1]*.csv")
    assert imported(tmp_path, path).lines.height == 1


def test_a_decimal_mark_does_not_concern_numbers(tmp_path: Path) -> None:
    path = parquet_file(tmp_path, amount=[1.5])
    assert imported(tmp_path, path, decimal_mark=",").lines["amount"].to_list() == [150]


FILLED_IN = (
    "  filled in where the ledger says nothing: product (4,907), charge_type (4,907), "
    "entry_type (4,907), discount (4,907), tax (4,907), currency (4,907)"
)


def test_the_summary_says_what_was_made(reference: ImportResult) -> None:
    assert summary(reference).splitlines() == [
        f"imported into {reference.snapshot}",
        "  4,907 lines of 385 accounts, invoiced 2024-01-01 to 2025-12-28",
        "  amounts sum to 34,064,933.85 USD",
        FILLED_IN,
    ]


def test_the_summary_says_what_is_left_out_and_what_is_odd(tmp_path: Path) -> None:
    found = imported(
        tmp_path,
        """customer,date,amount,cur,rep,note
           A,2026-08-01,-1.5,USD,Kim,x
           ,,,,,
           A,2026-01-01,1200,JPY,Kim,x""",
        columns={"currency": "cur"},
        keep_extra=["rep"],
    )
    text = summary(found.result)
    assert "amounts sum to 1,200 JPY, -1.50 USD" in text
    assert "further columns kept: rep" in text
    assert "columns left out: note" in text
    assert "blank rows left out: 1" in text
    assert "warning: lines invoiced after 2026-07-01" in text
