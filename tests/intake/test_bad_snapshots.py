"""For each rule a snapshot that breaks it: how grave that is, and what setting rows aside does."""

from pathlib import Path

import pytest

from engine.intake.conversion import Conversion
from engine.intake.quarantine import is_curable, quarantined
from engine.intake.snapshot import open_snapshot
from engine.intake.verdict import verdict
from engine.settings.severities import DEFAULTS, FIXED, STRUCTURAL, Severity
from engine.settings.validation import Validation
from fixtures.stories import write_table
from tests.intake.bad_snapshots import BAD, DAY, MONTHS, monthly
from tests.intake.one_snapshot import ACCOUNTS, AS_OF, ITEMS, LINES, RATES, USERS, checked

OURS = Validation()

#: What the corpus's examples say, where they are numbers.
SAID = {
    "account-unknown": "account_id=acme 1: 1 row (did you mean ACME-1?)",
    "drift": "300 rows, 360 before (-16.7%)",
    "export-twice": "crm/spend/september (1).parquet = crm/spend/september.parquet",
    "history-gap": "account_id=A: ended=2026-04-01, valid_from=2026-05-01",
    "minor-units": "360 prices in JPY have a mean of 1,500,000; those in USD come to 14,900 JPY",
    "month-end-slip": "360 of 360 lines stand on the last day of a month, one day early",
    "month-without-lines": "2026-03: 0 lines",
    "name-twice": "GTX Pro (billing/subscription_items) and GTXPro (billing/subscription_items)",
    "rows-repeated": "2026-05: 60 of 60 lines have a twin",
    "service-dates-missing": "9 of 360 recurring charges have no service dates",
    "stale": "the latest month is 2026-07-01, 62 days before 2026-10-01",
}


def test_the_corpus_breaks_every_rule_there_is() -> None:
    assert set(BAD) == FIXED | set(DEFAULTS)


@pytest.mark.parametrize("rule", BAD)
def test_a_bad_snapshot_is_told_by_its_rule(tmp_path: Path, rule: str) -> None:
    """Errors stop every number, and warnings none."""
    BAD[rule](tmp_path / AS_OF)
    found = checked(tmp_path, needed=[ITEMS] if rule == "table-empty" else (), validation=OURS)
    told = [each for each in found.failures if each.rule == rule]
    assert told
    grave = DEFAULTS.get(rule, Severity.ERROR)
    assert {each.severity for each in told} == {grave}
    assert found.ok == (grave is Severity.WARNING)
    assert all(each.hint for each in told)
    if rule in SAID:
        assert SAID[rule] in [example for each in told for example in each.examples]


@pytest.mark.parametrize(
    "rule", [each for each in BAD if DEFAULTS.get(each) is not Severity.WARNING]
)
def test_an_error_of_rows_is_cured_by_setting_them_aside(tmp_path: Path, rule: str) -> None:
    BAD[rule](tmp_path / AS_OF)
    snapshot = open_snapshot(str(tmp_path))
    conversion = Conversion("USD", snapshot.as_of)
    errors = {each.rule for each in verdict(snapshot, conversion).errors}
    if rule in STRUCTURAL:
        assert not is_curable(errors)
        return
    rest = verdict(snapshot, conversion, quarantine=quarantined(snapshot, conversion, OURS))
    assert rest.ok, rest.errors
    assert rule in {each.rule for each in rest.set_aside}


@pytest.mark.parametrize("rule", [each for each in DEFAULTS if DEFAULTS[each] is Severity.WARNING])
def test_a_warning_sets_nothing_aside(tmp_path: Path, rule: str) -> None:
    BAD[rule](tmp_path / AS_OF)
    snapshot = open_snapshot(str(tmp_path))
    assert not quarantined(snapshot, Conversion("USD", snapshot.as_of), OURS).bad


@pytest.mark.parametrize("table", [LINES, USERS, ITEMS])
def test_a_table_of_this_month_is_fresh(tmp_path: Path, table: str) -> None:
    row = {LINES: "invoiced_on", USERS: "month", ITEMS: "valid_from"}
    write_table(tmp_path / AS_OF, table, [{row[table]: DAY}])
    assert checked(tmp_path, validation=OURS).failures == ()


def test_good_lines_of_a_year_raise_no_suspicion(tmp_path: Path) -> None:
    """Nor if they grew by a month and a currency since the snapshot before."""
    yen = [
        {**each, "currency": "JPY", "amount": 15_000, "line_id": f"{each['line_id']}-Y"}
        for each in monthly()
    ]
    rates = [{"month": month, "from_currency": "JPY", "rate": 0.0067} for month in MONTHS]
    write_table(tmp_path / "2026-09-01", LINES, monthly()[:-30])
    write_table(tmp_path / "2026-09-01", RATES, rates)
    for table, rows in ((LINES, [*monthly(), *yen]), (RATES, rates)):
        write_table(tmp_path / AS_OF, table, rows)
    assert {each.rule for each in checked(tmp_path, validation=OURS).failures} == {"drift"}
    write_table(tmp_path / AS_OF, LINES, monthly())
    assert checked(tmp_path, validation=OURS).failures == ()


def test_a_currency_a_hundred_times_what_it_was_is_suspicious(tmp_path: Path) -> None:
    write_table(tmp_path / "2026-09-01", LINES, monthly())
    times = [{**each, "amount": each["amount"] * 100} for each in monthly()]
    write_table(tmp_path / AS_OF, LINES, times)
    found = {each.rule: each for each in checked(tmp_path, validation=OURS).failures}
    assert found["minor-units"].examples == (
        "360 prices in USD have a mean of 10,000, 100 in the snapshot before",
    )


def test_closed_months_that_sum_to_more_than_before_have_drifted(tmp_path: Path) -> None:
    write_table(tmp_path / "2026-09-01", LINES, monthly())
    more = [{**each, "amount": each["amount"] * 11 // 10} for each in monthly()]
    write_table(tmp_path / AS_OF, LINES, more)
    (failure,) = checked(tmp_path, validation=OURS).failures
    assert failure.rule == "drift"
    assert failure.examples[0].startswith("USD 36,")
    assert failure.examples[0].endswith("in the snapshot before (+10.0%)")


def test_a_table_that_was_there_before_and_is_gone_has_drifted(tmp_path: Path) -> None:
    write_table(tmp_path / "2026-09-01", LINES, monthly())
    write_table(tmp_path / AS_OF, ACCOUNTS, [{"account_id": f"A{n}"} for n in range(30)])
    (failure,) = checked(tmp_path, validation=OURS).failures
    assert (failure.table, failure.rule, failure.examples) == (
        LINES,
        "drift",
        ("no rows, 360 before",),
    )
