"""Presets: what each sets, where it is written, and what comes out of it."""

import json
from dataclasses import replace

import pytest

from engine.config import Configuration, Workspace
from engine.errors import UsageError
from engine.metrics.definitions import DEFINITIONS
from engine.metrics.measures import MEASURES
from engine.policy import Policy
from engine.presets import PRESETS, policy_of

ITEMS, LINES, SPEND = "billing/subscription_items", "billing/invoice_lines", "crm/spend"
SEPTEMBER = ("--period", "2026-09")

presets = pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)


def workspace(tmp_path, **tables: object) -> Workspace:
    content = {"workspace": {"snapshots": "snapshots"}, **tables}
    return Workspace(tmp_path, Configuration.model_validate(content))


def choices(policy: Policy) -> dict[str, object]:
    return policy.model_dump(exclude={"name", "version", "preset"})


@presets
def test_each_rule_is_a_key_of_the_policy_with_words_and_a_page_of_the_tool(preset):
    keys = [rule.key for rule in preset.rules]
    assert len(keys) == len(set(keys))
    assert set(keys) <= Policy.model_fields.keys() - {"name", "version", "preset"}
    assert all(rule.words.endswith(".") for rule in preset.rules)
    for each in (*preset.rules, *preset.limits):
        assert "stripe.com" in each.source or "chartmogul" in each.source or "profit" in each.source


@presets
def test_each_limit_touches_what_there_is(preset):
    named = {name for limit in preset.limits for name in limit.touches}
    assert named <= {*MEASURES, *DEFINITIONS}


@presets
def test_a_preset_by_name_is_a_policy_that_starts_from_it(preset, tmp_path):
    place = workspace(tmp_path, policies={"mine": {"preset": preset.name}})
    assert choices(place.policy("mine")) == choices(place.policy(preset.name))
    assert place.policy(preset.name).name == preset.name


@presets
def test_what_a_preset_does_not_set_is_the_contracts_default(preset):
    silent = choices(Policy()).keys() - preset.keys.keys()
    policy = policy_of(preset)
    assert {key: getattr(policy, key) for key in silent} == {
        key: getattr(Policy(), key) for key in silent
    }


def test_a_policys_own_keys_win_over_its_preset(tmp_path):
    own = {"preset": "stripe", "gross_margin": 0.7, "live_statuses": ["active"]}
    policy = workspace(tmp_path, policy=own).policy()
    assert (policy.gross_margin, policy.live_statuses) == (0.7, ("active",))
    assert policy.churn_base == "opening_and_new"


def test_the_workspaces_own_policy_of_a_presets_name_wins(tmp_path):
    place = workspace(tmp_path, policies={"stripe": {"gross_margin": 0.5}})
    assert place.policy("stripe").gross_margin == 0.5


def test_an_unknown_policy_is_told_the_presets(tmp_path):
    with pytest.raises(UsageError) as caught:
        workspace(tmp_path).policy("stripy")
    assert "`stripe`" in caught.value.hint


def test_an_unknown_preset_in_the_file_is_an_error(company):
    firm = company({ITEMS: [{}]}, toml='[policies.mine]\npreset = "strip"')
    status, _, err = firm.ask("metrics")
    assert status == 2
    assert "policies.mine.preset" in err


def test_a_wrong_key_beside_a_preset_is_still_named(company):
    firm = company({ITEMS: [{}]}, toml='[policy]\npreset = "stripe"\ngros_margin = 0.7')
    status, _, err = firm.ask("metrics")
    assert status == 2
    assert "did you mean `gross_margin`" in err


def test_a_presets_choices_change_the_fingerprint():
    prints = {policy_of(preset).fingerprint for preset in PRESETS.values()}
    assert len({*prints, Policy().fingerprint}) == 4


@pytest.fixture
def firm(company):
    """Ten accounts of 100 with 4 seats in August: one leaves, one comes; usage of 300 a quarter."""
    each = {"seats": 4, "valid_from": "2026-08-10"}
    usage = {"account_id": "A0", "charge_type": "usage", "amount": 90_00}
    months = [
        ("2026-07-01", "2026-08-01"),
        ("2026-08-01", "2026-09-01"),
        ("2026-09-01", "2026-10-01"),
    ]
    return company(
        {
            ITEMS: [
                *[{"account_id": f"A{n}", **each} for n in range(9)],
                {"account_id": "A0", **each, "billing_unit": "usage", "amount": 0, "seats": 0},
                {"account_id": "left", **each, "valid_to": "2026-09-10"},
                {"account_id": "new", **each | {"valid_from": "2026-09-10"}},
            ],
            LINES: [{**usage, "service_from": since, "service_to": to} for since, to in months],
            SPEND: [{"month": "2026-09", "amount": 500_00}],
        },
        toml="[policy]\ngross_margin = 0.8\ngross_margin_by_product = { Core = 0.5 }",
    )


def test_stripe_divides_churn_by_opening_and_new_and_arpu_by_accounts(firm):
    stripe = (*SEPTEMBER, "--policy", "stripe")
    (churn,) = firm.rows("--metric", "logo_churn", *stripe)
    assert (churn["numerator"], churn["denominator"]) == (1, 11)
    assert firm.value("arpu", *stripe) == firm.value("arpa", *stripe) == 100
    assert firm.value("ltv", *stripe) == firm.value("ltv_user", *stripe) == pytest.approx(1_100)


def test_where_a_user_is_an_account_its_cost_is_an_accounts_too(firm):
    """Otherwise the LTV of an account would be held against the cost of a seat."""
    assert firm.value("cac_user", *SEPTEMBER) == 125
    assert firm.value("cac_user", *SEPTEMBER, "--policy", "stripe") == 500
    stripe = (*SEPTEMBER, "--policy", "stripe")
    assert firm.value("ltv_cac_user", *stripe) == firm.value("ltv_cac", *stripe)


def test_a_cohorts_arpu_is_by_account_too_where_the_policy_says_so(firm):
    _, out, _ = firm.ask("cohorts", "--policy", "stripe", "--format", "json")
    rows = json.loads(out)
    assert [row["arpu"] for row in rows] == [row["arpa"] for row in rows] == [100]


def test_chartmogul_divides_churn_by_the_opening_and_leaves_margin_out(firm):
    chartmogul = (*SEPTEMBER, "--policy", "chartmogul")
    (churn,) = firm.rows("--metric", "logo_churn", *chartmogul)
    assert (churn["numerator"], churn["denominator"]) == (1, 10)
    assert firm.value("gross_margin", *chartmogul) == 1
    assert firm.value("ltv", *chartmogul) == pytest.approx(1_000)


def test_profitwell_counts_usage(firm):
    """Three months of 90 are a mean of 90 a month."""
    assert firm.value("mrr") == 1_000
    assert firm.value("mrr", "--policy", "profitwell") == 1_090
    assert firm.value("mrr", "--policy", "stripe") == 1_000


def test_churn_may_look_back_over_any_number_of_months(company):
    """Of three in June one leaves in July and one in September; opening 3, 2, 2."""
    since = {"valid_from": "2026-06-10"}
    firm = company(
        {
            ITEMS: [
                {"account_id": "A", **since},
                {"account_id": "B", **since, "valid_to": "2026-07-10"},
                {"account_id": "C", **since, "valid_to": "2026-09-10"},
            ]
        },
        toml="[policies.one]\nchurn_months = 1\n[policies.two]\nchurn_months = 2",
    )
    found = [firm.value("logo_churn", "--policy", name) for name in ("one", "two", "default")]
    assert found == [1 / 2, 1 / 4, 2 / 7]


def test_the_definition_says_what_the_policy_makes_of_it():
    stripe = policy_of(PRESETS["stripe"])
    words = {name: DEFINITIONS[name].under(stripe).formula for name in ("arpu", "logo_churn")}
    assert words == {
        "arpu": "mrr / accounts",
        "logo_churn": "last month: Σ churned accounts / Σ (opening + new accounts)",
    }
    three = DEFINITIONS["revenue_churn"].under(Policy(churn_months=3))
    assert three.formula.startswith("trailing 3 months:")


def test_the_contracts_policy_changes_no_definition():
    for metric in DEFINITIONS.values():
        assert metric.under(Policy()) == replace(metric)
