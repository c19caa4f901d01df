"""What a ledger may not be, and what the import says of it."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from engine.errors import DataError, EngineError, EnvironmentFault, UsageError
from tests.intake.small_ledger import SERVICE, csv_file, imported, parquet_file


def refusal(folder: Path, *ledger: str | Path, **changes: object) -> EngineError:
    """The error of an import that leaves no snapshot."""
    with pytest.raises(EngineError) as caught:
        imported(folder, *ledger, **changes)
    assert not list((folder / "snapshots").glob("*"))
    return caught.value


@pytest.mark.parametrize(
    ("rule", "line", "changes", "says"),
    [
        ("required-value", ",2026-01-01,1", {}, "column `customer`"),
        ("required-value", "A,,1", {}, "column `date`"),
        ("required-value", "A,2026-01-01,", {}, "column `amount`"),
        ("date", "A,31/01/2026,1", {}, "row 2 `31/01/2026`"),
        ("date", "A,26-01-31,1", {}, "row 2 `26-01-31`"),
        ("date", "A,2026-02-30,1", {}, "ISO, such as 2026-01-31"),
        ("date", "A,2026-01-31,1", {"date_format": "%d/%m/%Y"}, "form `%d/%m/%Y`"),
        ("date", "A,31/01/26,1", {"date_format": "%d/%m/%Y"}, "row 2 `31/01/26`"),
        ("amount", "A,2026-01-01,ten", {}, "row 2 `ten`"),
        ("amount", 'A,2026-01-01,"1,000.00"', {}, "`thousands_separator`"),
        ("amount-decimals", "A,2026-01-01,1.005", {}, "row 2 `1.005`"),
        ("amount-decimals", "A,2026-01-01,1.5", {"currency": "JPY"}, "row 2 `1.5`"),
        ("amount-decimals", "A,2026-01-01,1.5", {"amount_unit": "minor"}, "major"),
        ("amount-range", "A,2026-01-01,99999999999999999999", {}, "64 bits"),
        ("currency", "A,2026-01-01,1", {"currency": "ZZZ"}, "row 2 `ZZZ`"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(
    tmp_path: Path, rule: str, line: str, changes: Mapping[str, object], says: str
) -> None:
    error = refusal(tmp_path, f"customer,date,amount\n{line}", **changes)
    assert isinstance(error, DataError)
    assert error.reference == rule
    assert says in error.where
    assert "ledger-0.csv" in error.where
    assert "1 row" in error.where


@pytest.mark.parametrize(
    ("rule", "line", "says"),
    [
        ("service-days", "2026-01-01,", "give `service_to` a default"),
        ("service-days", ",2026-01-31", "give `service_from` a default"),
        ("service-order", "2026-01-31,2026-01-31", "`service_end`"),
        ("service-order", "2026-02-01,2026-01-01", "2026-02-01 to 2026-01-01"),
    ],
)
def test_service_has_both_ends_in_order(tmp_path: Path, rule: str, line: str, says: str) -> None:
    text = f"customer,date,amount,from,to\nA,2026-01-01,1,{line}"
    error = refusal(tmp_path, text, service_end="exclusive", columns=SERVICE)
    assert error.reference == rule
    assert says in error.where


@pytest.mark.parametrize("written", ["Renewals", "RECURRING"])
def test_a_type_that_is_not_mapped_is_refused(tmp_path: Path, written: str) -> None:
    error = refusal(
        tmp_path,
        f"customer,date,amount,type\nA,2026-01-01,1,{written}",
        columns={"charge_type": "type"},
        values={"charge_type": {"recurring": ["Renewal"]}},
    )
    assert error.reference == "known-value"
    assert f"`{written}`" in error.where
    assert "`values.charge_type` which of recurring, usage, one_time" in error.where


@pytest.mark.parametrize(
    ("sign", "line"),
    [("signed", "-5,charge"), ("signed", "5,credit"), ("unsigned", "-5,credit")],
)
def test_a_sign_that_contradicts_the_type_is_refused(tmp_path: Path, sign: str, line: str) -> None:
    error = refusal(
        tmp_path,
        f"customer,date,amount,type\nA,2026-01-01,{line}",
        amount_sign=sign,
        columns={"entry_type": "type"},
    )
    assert error.reference == "amount-sign"


def test_a_discount_is_a_magnitude(tmp_path: Path) -> None:
    text = "customer,date,amount,off\nA,2026-01-01,10,-1"
    assert refusal(tmp_path, text, columns={"discount": "off"}).reference == "discount-sign"


def test_all_that_does_not_hold_is_told_at_once(tmp_path: Path) -> None:
    """Of all files, each rule with its rows and three of them."""
    error = refusal(
        tmp_path,
        """customer,date,amount
           A,soon,1
           B,2026-01-01,1.234
           C,2026-01-01,one
           D,2026-01-01,two
           E,2026-01-01,three
           F,2026-01-01,four""",
        "customer,date,amount\n,2026-01-01,1",
    )
    assert error.message.startswith("4 rules do not hold in ")
    assert "amount: 4 rows, such as row 4 `one`, row 5 `two`, row 6 `three`;" in error.where
    assert [line.split(": ")[0].rpartition(", ")[2] for line in error.where.split("\n")] == [
        "date",
        "amount",
        "amount-decimals",
        "required-value",
    ]


def test_rows_are_counted_as_a_spreadsheet_counts_them(tmp_path: Path) -> None:
    """Blank rows and line breaks in cells included."""
    text = 'customer,date,amount,note\nA,2026-01-01,1,"x\ny"\n,,,\nB,2026-01-01,bad,'
    assert "row 4 `bad`" in refusal(tmp_path, text).where


def test_a_column_that_the_file_lacks_is_named_with_the_nearest(tmp_path: Path) -> None:
    error = refusal(tmp_path, "Customer,date,amout\nA,2026-01-01,1")
    assert isinstance(error, UsageError)
    assert error.reference == "source-column"
    assert "`customer`" in error.where
    assert "did you mean `Customer`" in error.where
    assert "did you mean `amout`" in error.where


def test_a_wrong_separator_is_guessed_at(tmp_path: Path) -> None:
    error = refusal(tmp_path, "customer;date;amount\nA;2026-01-01;1")
    assert "is `separator` right?" in error.where


def test_several_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    error = refusal(tmp_path, "customer,date,amount,amount \nA,2026-01-01,1,2")
    assert "several columns called `amount`" in error.message


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("Plan", "`plan` it would be taken for a column of the contract"),
        ("Segment", "`segment` it would be taken for the account's own column"),
        ("Cohort", "`cohort` it would be taken for a column of the contract"),
        ("Rep,rep", "`rep` it would be taken for another column of this file"),
        ("#", "`` it would be taken for nothing"),
    ],
)
def test_a_kept_column_may_not_be_mistaken(tmp_path: Path, header: str, says: str) -> None:
    text = f"customer,date,amount,tier,{header}\nA,2026-01-01,1,SMB,x"
    error = refusal(tmp_path, text, account={"segment": "tier"})
    assert isinstance(error, UsageError)
    assert error.reference == "extra-column"
    assert says in error.where


def test_a_line_may_come_once(tmp_path: Path) -> None:
    error = refusal(
        tmp_path,
        """customer,date,amount,line
           A,2026-01-01,1,L1
           A,2026-02-01,1,L1
           A,2026-03-01,1,L2""",
        columns={"line_id": "line"},
    )
    assert error.reference == "unique-line"
    assert "2 rows" in error.where
    assert "row 2 `L1`" in error.where


def test_a_file_may_be_given_once(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "customer,date,amount\nA,2026-01-01,1")
    assert "given twice" in refusal(tmp_path, path, tmp_path / "." / path.name).message


@pytest.mark.parametrize("text", ["customer,date,amount", "customer,date,amount\n,,"])
def test_a_ledger_without_lines_is_refused(tmp_path: Path, text: str) -> None:
    assert refusal(tmp_path, text).reference == "no-lines"


def test_a_file_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    assert isinstance(refusal(tmp_path, tmp_path / "none.csv"), UsageError)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "ledger").mkdir()
    assert isinstance(refusal(tmp_path, tmp_path / "ledger"), EnvironmentFault)


@pytest.mark.parametrize(
    "content", [b"", b"a,b\n1,2,3\n", b"a,b\n1,\xe9\n", b"PAR1 and no more", b'a,b\n"1,2\n']
)
def test_what_is_neither_csv_nor_parquet_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "ledger.csv"
    path.write_bytes(content)
    error = refusal(tmp_path, path)
    assert isinstance(error, DataError)
    assert "neither Parquet nor CSV separated by `,` in utf-8" in error.message


def test_files_whose_other_columns_do_not_go_together_are_refused(tmp_path: Path) -> None:
    one = parquet_file(tmp_path, "one.parquet", amount=[1], tags=[["x"]])
    two = parquet_file(tmp_path, "two.parquet", amount=[1], tags=[1.5])
    assert refusal(tmp_path, one, two).reference == "source-type"


def test_a_nested_column_cannot_be_mapped(tmp_path: Path) -> None:
    error = refusal(tmp_path, parquet_file(tmp_path, amount=[[1, 2]]))
    assert error.reference == "source-type"
    assert "List(Int64)" in error.where
