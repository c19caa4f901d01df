"""``qbr explain``: the card, the sums, the accounts behind them, and the policies side by side."""

import json
import math
import subprocess
import sys

import pytest

from engine.cli import exit_status
from engine.metrics.definitions import DEFINITIONS
from engine.metrics.glossary import SUMS
from engine.metrics.measures import MEASURES

ITEMS, LINES, SPEND = "billing/subscription_items", "billing/invoice_lines", "crm/spend"
ACCOUNTS, USERS, RATES = "crm/accounts", "billing/account_users", "billing/fx_rates"
OPPORTUNITIES = "crm/opportunities"
SINCE, UNTIL = {"valid_from": "2026-09-10"}, {"valid_to": "2026-09-10"}
YEAR = {"valid_from": "2025-01-01"}


def explained(firm, *arguments: str) -> dict:
    status, out, err = firm.ask("explain", *arguments, "--format", "json")
    assert status == 0, err
    return json.loads(out)


@pytest.fixture
def alone(tmp_path, monkeypatch, capsys):
    """``qbr`` where there is no workspace: status and both outputs."""
    monkeypatch.chdir(tmp_path)

    def ask(*arguments: str) -> tuple[int, str, str]:
        return exit_status(list(arguments)), *capsys.readouterr()

    return ask


# The card -------------------------------------------------------------------------------------


def test_a_card_needs_no_workspace(alone):
    status, out, _ = alone("explain", "arpu")
    assert status == 0
    assert out.splitlines()[0] == "Average revenue per user (arpu)"
    parts = ("mrr / users", "mrr: monthly", "money/month", "last day", "Free users", "section 3")
    assert [part for part in parts if part not in out] == []


@pytest.mark.parametrize("metric", DEFINITIONS)
def test_every_metric_has_a_card(alone, metric):
    """All of the definition's words are on it."""
    status, out, _ = alone("explain", metric)
    assert status == 0
    one_line = " ".join(out.split())
    own = DEFINITIONS[metric]
    assert all(words in one_line for words in (own.meaning, own.formula, own.good, *own.watch_outs))
    assert max(map(len, out.splitlines())) <= 80


def test_every_sum_has_words():
    assert SUMS.keys() == MEASURES.keys() - DEFINITIONS.keys()


def test_a_card_as_json(alone):
    _, out, _ = alone("explain", "nrr", "--format", "json")
    card = json.loads(out)
    assert (card["metric"], card["numerator"], card["denominator"]) == ("nrr", "kept", "base")
    assert card["words"]["base"].startswith("MRR twelve months before")
    assert card["policy"]["name"] == "default"
    assert "number" not in card


def test_a_card_under_a_preset_needs_no_workspace_either(alone):
    _, out, _ = alone("explain", "arpu", "--policy", "stripe")
    assert "mrr / accounts" in out
    assert "stripe, version 1" in out


def test_a_card_is_the_workspaces_policys(company):
    firm = company({ITEMS: [{}]}, toml='[policy]\narpu_users = "paid_seats"')
    _, out, _ = firm.ask("explain", "arpu")
    assert "mrr / paid_seats" in out


def test_the_command_has_help(alone):
    status, out, _ = alone("explain", "--help")
    assert status == 0
    assert "--policies" in out


def test_a_card_is_shown_without_the_slow_libraries(tmp_path):
    code = (
        "import sys; from engine.cli import exit_status; exit_status(['explain', 'arpu']);"
        "print(sorted({'pandera', 'weasyprint', 'pyarrow'} & sys.modules.keys()))"
    )
    run = [sys.executable, "-c", code]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("arpx",), "did you mean `arpu`"),
        (("arpu", "--period", "2026Q3"), "qbr init"),
        (("arpu", "--policy", "stripy"), "qbr init"),
        (("arpu", "--format", "csv"), "csv"),
        ((), "METRIC"),
    ],
)
def test_a_wrong_argument_is_status_2(alone, arguments, word):
    status, out, err = alone("explain", *arguments)
    assert (status, out) == (2, "")
    assert word in err


# The accounts behind a number -----------------------------------------------------------------


@pytest.fixture(scope="module")
def tables():
    """Accounts that come, go, grow, shrink, return, are free, pay in euros and for two products."""
    opportunity = {"account_id": "stays", "created_on": "2026-07-01", "close_on": "2026-08-01"}
    return {
        ITEMS: [
            {"account_id": "stays", "seats": 5, **YEAR, "term_ends_on": "2026-11-30"},
            {"account_id": "stays", "product": "Add-on", "seats": 0, "amount": 33_33, **SINCE},
            {"account_id": "euro", "currency": "EUR", "amount": 777_77, **YEAR},
            {"account_id": "grows", "seats": 2, "amount": 20_00, **YEAR, **UNTIL},
            {"account_id": "grows", "seats": 5, "amount": 60_00, **SINCE},
            {"account_id": "shrinks", "amount": 90_00, **YEAR, **UNTIL},
            {"account_id": "shrinks", "amount": 30_00, **SINCE},
            {"account_id": "switches", "amount": 50_00, **YEAR, **UNTIL},
            {"account_id": "switches", "product": "Add-on", "amount": 40_00, **SINCE},
            {"account_id": "leaves", "amount": 10_00, **YEAR, **UNTIL},
            {"account_id": "returns", "amount": 70_00, **YEAR, "valid_to": "2026-02-10"},
            {"account_id": "returns", "amount": 70_00, **SINCE},
            {"account_id": "comes", "seats": 3, "amount": 99_99, **SINCE},
            {"account_id": "free", "seats": 4, "amount": 0, **YEAR},
            {"account_id": "converts", "amount": 0, **YEAR, **UNTIL},
            {"account_id": "converts", "amount": 11_00, **SINCE},
        ],
        LINES: [
            {"account_id": "stays", "service_from": "2026-07-01", "service_to": "2027-07-01"},
            {
                "account_id": "euro",
                "currency": "EUR",
                "discount": 5_00,
                "invoiced_on": "2026-08-05",
            },
            {
                "account_id": "euro",
                "charge_type": "usage",
                "invoiced_on": "2026-08-05",
                "currency": "EUR",
            },
            {"account_id": "grows", "charge_type": "one_time", "invoiced_on": "2026-09-05"},
            {
                "account_id": "grows",
                "entry_type": "credit",
                "amount": -7_00,
                "invoiced_on": "2026-09-05",
            },
            {
                "account_id": "stays",
                "entry_type": "refund",
                "amount": -3_00,
                "invoiced_on": "2026-09-05",
            },
        ],
        USERS: [{"account_id": "stays", "month": "2026-09", "active_users": 4}],
        RATES: [
            {"month": f"{year}-{month:02}", "rate": 1 + month / 64}
            for year in (2025, 2026)
            for month in range(1, 13)
        ],
        ACCOUNTS: [
            {"account_id": name, "segment": "SMB" if len(name) < 6 else "Enterprise"}
            for name in ("stays", "euro", "grows", "shrinks", "switches", "leaves", "free", "comes")
        ],
        SPEND: [{"month": "2026-08", "amount": 500_00}],
        OPPORTUNITIES: [
            opportunity,
            {**opportunity, "account_id": "euro", "currency": "EUR", "is_won": False},
            {**opportunity, "account_id": None, "close_on": "2026-08-20"},
            {
                **opportunity,
                "account_id": "grows",
                "is_closed": False,
                "is_won": False,
                "close_on": "2026-11-01",
            },
        ],
    }


#: Made of medians, of other metrics, or of what no account has.
NOT_SUMMED = {
    "arpa_median", "sales_cycle_days", "ltv", "ltv_user", "cac", "cac_user", "ltv_cac",
    "ltv_cac_user", "cac_payback_months", "cac_payback_months_user", "pipeline_coverage",
}  # fmt: skip


@pytest.mark.parametrize("at", range(3))
@pytest.mark.parametrize("group", ["", "segment=SMB", "product=Core,segment=SMB"])
def test_the_accounts_add_up_to_both_sums(company, tables, group, at):
    """Of metrics that are made of sums over accounts: all in total, each third one in a group."""
    firm = company(tables)
    by = [] if not group else ["--group", group]
    summed = sorted(DEFINITIONS.keys() - NOT_SUMMED)[at::3]
    for metric in summed if not group else summed[::3]:
        found = explained(firm, metric, "--period", "2026Q3", *by)
        for side in ("numerator", "denominator"):
            parts = [row[side] for row in found["accounts"] if row[side] is not None]
            assert math.fsum(parts) == pytest.approx(found["number"][side] or 0, abs=1e-9), metric


def test_the_number_is_that_of_qbr_metrics(company, tables):
    firm = company(tables)
    (row,) = firm.rows("--metric", "nrr")
    assert explained(firm, "nrr", "--period", "2026Q3")["number"] == row


def test_the_largest_account_stands_first(company, tables):
    """Whatever its sign; then who has the larger part below the line."""
    rows = explained(company(tables), "revenue_churn", "--period", "2026Q3")["accounts"]
    assert [row["account_id"] for row in rows][:4] == ["returns", "shrinks", "switches", "leaves"]
    sizes = [abs(row["numerator"]) for row in rows]
    assert sizes == sorted(sizes, reverse=True)
    assert sum(row["share"] for row in rows) == pytest.approx(1)


def test_an_account_has_its_name_where_it_is_known(company, tables):
    rows = explained(company(tables), "mrr", "--period", "2026Q3")["accounts"]
    names = {row["account_id"]: row["name"] for row in rows}
    assert (names["euro"], names["returns"]) == ("Account euro", None)


def test_a_terminal_shows_the_twenty_largest_and_what_the_rest_adds_up_to(company):
    firm = company({ITEMS: [{"account_id": f"A{n:02}", "amount": n * 100} for n in range(1, 24)]})
    _, out, _ = firm.ask("explain", "arpa", "--period", "2026Q3")
    lines = out.splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith("account_id"))
    assert lines[start].split() == ["account_id", "name", "mrr", "accounts", "share"]
    assert lines[start + 2].split() == ["A23", "Account", "A23", "23.00", "1", "8.3%"]
    assert lines[start + 22] == "and 3 more: mrr 6.00, accounts 3"


def test_what_an_account_is_called_cannot_rewrite_the_terminal(company):
    name = "\x1b[2J\rPaid\x07 \u202eevil\u2066\n\x9b31m"
    firm = company(
        {
            ITEMS: [{"account_id": "A\x1b[0m", "product": "Co\x1bre"}],
            ACCOUNTS: [{"account_id": "A\x1b[0m", "name": name, "segment": "S\x1b[1mMB"}],
        }
    )
    for arguments in (("--period", "2026Q3"), ("--group", "segment=S\x1b[1mMB", "--policies")):
        status, out, _ = firm.ask("explain", "mrr", *arguments)
        assert status == 0
        assert all(char.isprintable() for line in out.split("\n") for char in line)
    (row,) = explained(firm, "mrr", "--group", "segment=S\x1b[1mMB")["accounts"]
    assert row["name"] == name


def test_a_group_may_have_commas_and_equal_signs_in_its_name(company):
    region = "Korea, Republic of = ROK"
    firm = company(
        {ITEMS: [{}], ACCOUNTS: [{"account_id": "A", "region": region, "segment": "SMB"}]}
    )
    found = explained(firm, "mrr", "--group", f"region={region},segment=SMB")
    assert found["number"]["group"] == {"region": region, "segment": "SMB"}


def test_one_account_is_a_group(company, tables):
    found = explained(company(tables), "mrr", "--group", "account=stays,product=Add-on")
    assert [row["numerator"] for row in found["accounts"]] == [33.33]


@pytest.mark.parametrize(
    ("group", "word"),
    [
        ("segment=SMBB", "did you mean `segment=SMB`"),
        ("segment", "--group segment=SMB"),
        ("sgment=SMB", "did you mean `segment`"),
    ],
)
def test_a_wrong_group_is_status_2(company, group, word):
    status, out, err = company({ITEMS: [{}]}).ask("explain", "mrr", "--group", group)
    assert (status, out) == (2, "")
    assert word in err


def test_a_metric_that_does_not_know_the_dimension_says_so(company, tables):
    found = explained(company(tables), "active_users", "--group", "product=Core")
    why = "billing/account_users is not recorded by product"
    assert (found["number"]["value"], found["number"]["reason"]) == (None, why)
    assert why in found["accounts_note"]


def test_a_period_before_all_data_has_no_groups(company):
    group = ("--group", "segment=SMB", "--period", "2001-01")
    status, _, err = company({ITEMS: [{}]}).ask("explain", "mrr", *group)
    assert status == 2
    assert "January 2001 has nothing by segment" in err


def test_spend_has_no_accounts_and_says_so(company, tables):
    found = explained(company(tables), "cac", "--period", "2026Q3")
    assert found["number"]["numerator"] == 500
    assert found["accounts"] == []
    assert "crm/spend is not recorded by account_id" in found["accounts_note"]
    assert "`qbr explain new_accounts`" in found["accounts_note"]


def test_a_metric_made_of_metrics_shows_them(company, tables):
    found = explained(company(tables), "ltv", "--period", "2026Q3")
    assert [part["metric"] for part in found["parts"]] == ["arpa", "gross_margin", "logo_churn"]
    assert "`qbr explain logo_churn`" in found["accounts_note"]


def test_a_median_says_that_it_is_no_sum(company, tables):
    found = explained(company(tables), "arpa_median", "--period", "2026Q3")
    assert "A median adds nothing up" in found["accounts_note"]
    assert {row["share"] for row in found["accounts"]} == {None}


def test_only_the_ten_largest_are_in_the_share_of_the_ten_largest(company):
    firm = company({ITEMS: [{"account_id": f"A{n:02}", "amount": 10_00} for n in range(12)]})
    rows = explained(firm, "top10_share", "--period", "2026Q3")["accounts"]
    assert sorted(row["numerator"] for row in rows) == [0, 0, *[10] * 10]
    assert [row["denominator"] for row in rows] == [10] * 12


def test_without_a_value_the_reason_is_shown(company):
    firm = company({ITEMS: [{}]})
    _, out, _ = firm.ask("explain", "nrr", "--period", "2026Q3")
    assert "none: no account paid twelve months before" in out


def test_accounts_are_the_families_where_the_policy_rolls_them_up(company):
    firm = company(
        {
            ITEMS: [{"account_id": "a"}, {"account_id": "b", "amount": 50_00}],
            ACCOUNTS: [{"account_id": "a"}, {"account_id": "b", "parent_account_id": "a"}],
        },
        toml='[policy]\naccount_level = "parent"',
    )
    (row,) = explained(firm, "arpa", "--period", "2026Q3")["accounts"]
    assert (row["account_id"], row["name"], row["numerator"]) == ("a", "Account a", 150)


def test_an_explanation_can_go_to_a_file(company, tables, tmp_path):
    file = tmp_path / "arpu.json"
    status, out, _ = company(tables).ask(
        "explain", "arpu", "--period", "2026Q3", "--format", "json", "--output", str(file)
    )
    assert (status, out) == (0, "")
    assert json.loads(file.read_text())["number"]["metric"] == "arpu"


# Policies side by side ------------------------------------------------------------------------


@pytest.fixture
def counted(company, tables):
    toml = """
    [policies.billed]
    mrr_source = "invoices"
    [policies.trials]
    live_statuses = ["trialing"]
    """
    firm = company(tables, toml)
    return lambda metric, *more: {
        row["policy"]: row for row in explained(firm, metric, "--policies", *more)["policies"]
    }


def test_one_row_a_policy_the_own_one_first(counted):
    rows = counted("mrr")
    tools = ["stripe", "chartmogul", "profitwell"]
    assert list(rows) == ["default", "billed", "trials", *tools, "default, rates of 2026-06"]


def test_constant_currency_stands_beside_as_reported(counted, company, tables):
    """The euro is at June's 1.09375 in place of September's 1.140625."""
    rows = counted("mrr")
    fixed = rows["default, rates of 2026-06"]
    euros = 777.77
    assert fixed["difference"] == pytest.approx(euros * (6 - 9) / 64, abs=1e-6)
    (rule,) = fixed["rules"]
    assert (rule["key"], rule["own"], rule["theirs"]) == ("fx", "reported", "constant:2026-06")


def test_of_a_policy_with_fixed_rates_the_reported_ones_stand_beside(company, tables):
    firm = company(tables, toml='[policy]\nfx = "constant:2026-01"')
    rows = explained(firm, "mrr", "--policies")["policies"]
    assert rows[-1]["policy"] == "default, as reported"
    assert rows[-1]["difference"] == pytest.approx(777.77 * (9 - 1) / 64, abs=1e-6)


def test_each_rule_says_what_it_alone_does_and_where_it_is_written(counted):
    rows = counted("ltv")
    rules = {rule["key"]: rule for rule in rows["stripe"]["rules"]}
    assert rules.keys() == {"churn_months", "churn_base", "gross_margin"}
    margin = rules["gross_margin"]
    assert margin["alone"] == pytest.approx(rows["default"]["value"] * (1 / 0.8 - 1))
    assert "without margin" in margin["words"]
    assert margin["source"].startswith("support.stripe.com/")


def test_rules_that_cannot_move_the_metric_are_left_out(counted):
    assert counted("mrr")["stripe"]["rules"] == []
    assert [rule["key"] for rule in counted("arpu")["stripe"]["rules"]] == ["arpu_users"]


def test_rules_of_the_tool_that_are_not_reproduced_are_said_of_the_metrics_they_touch(counted):
    def words(metric):
        return " ".join(each["words"] for each in counted(metric)["stripe"]["not_reproduced"])

    assert "1.67%" in words("ltv")
    assert "1.67%" not in words("mrr")
    assert "1.67%" in words("ltv_cac")


def test_a_policy_under_which_there_is_no_value_says_why(counted):
    assert counted("arpa")["trials"]["reason"] == "no paying accounts"
    assert counted("arpa")["trials"]["difference"] is None


def test_a_policy_that_lacks_its_table_says_so_and_the_others_stand(company):
    firm = company({ITEMS: [{}]}, toml='[policies.billed]\nmrr_source = "invoices"')
    rows = {row["policy"]: row for row in explained(firm, "mrr", "--policies")["policies"]}
    assert rows["billed"]["reason"] == "billing/invoice_lines was not exported"
    assert rows["stripe"]["value"] == 100


def test_the_policy_asked_for_is_the_one_compared_with(counted):
    rows = counted("ltv", "--policy", "stripe")
    assert next(iter(rows)) == "stripe"
    assert rows["default"]["difference"] == pytest.approx(-counted("ltv")["stripe"]["difference"])


def test_policies_can_be_compared_in_a_group(counted):
    rows = counted("mrr", "--group", "segment=SMB", "--period", "2026-08")
    assert {row["period"] for row in rows.values()} == {"2026-08"}
    assert rows["default"]["group"] == {"segment": "SMB"}


def test_a_terminal_shows_the_policies_in_a_table_and_why_they_differ(company, tables):
    status, out, _ = company(tables).ask("explain", "ltv", "--policies")
    assert status == 0
    table = [line.split() for line in out.splitlines()]
    assert ["policy", "numerator", "denominator", "value", "difference", "relative"] in table
    assert "gross_margin: 1.0 in place of 0.8" in out
    assert "Not reproduced: Stripe puts 1.67%" in out


def test_a_rule_that_differs_and_does_nothing_is_only_named(company, tables):
    """Who pays for usage pays for seats as well, so no account is gained."""
    _, out, _ = company(tables).ask("explain", "accounts", "--policies")
    assert "Different without effect here: usage_in_mrr" in out
    assert "usage_in_mrr: true" not in out
