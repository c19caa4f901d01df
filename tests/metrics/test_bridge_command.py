"""The mix-shift through ``qbr bridge``, from tables to effects, by hand."""

import json

import pytest

ITEMS, ACCOUNTS = "billing/subscription_items", "crm/accounts"
OPPORTUNITIES = "crm/opportunities"
THEN, NOW = {"valid_to": "2026-09-10"}, {"valid_from": "2026-09-10"}
MONTHS = ("--from", "2026-08", "--to", "2026-09")


def bridged(firm, *arguments):
    status, out, err = firm.ask("bridge", "--format", "json", *arguments)
    assert status == 0, err
    return json.loads(out)


def rounded(effects):
    return {name: round(value, 6) for name, value in effects.items()}


def group(name: str, then: tuple[int, int] | None, now: tuple[int, int] | None) -> list[dict]:
    """Rows of a segment's one account with so many users at such an ARPU, then and now."""
    sides = ((then, THEN), (now, NOW))
    return [
        {"account_id": name, "seats": side[0], "amount": side[0] * side[1] * 100, **when}
        for side, when in sides
        if side
    ]


@pytest.fixture
def contract(company):
    """The contract's check, with rows of seats and money."""
    segments = {
        "SMB": ((60, 20), (90, 22)),
        "MM": ((30, 100), (30, 95)),
        "ENT": ((10, 400), (15, 420)),
        "LEGACY": ((20, 50), None),
        "SELF": (None, (45, 10)),
    }
    return company(
        {
            ITEMS: [row for name, sides in segments.items() for row in group(name, *sides)],
            ACCOUNTS: [{"account_id": name, "segment": name} for name in segments],
        }
    )


def test_the_contracts_check(contract):
    found = bridged(contract, "--metric", "arpu", "--by", "segment", *MONTHS)
    assert (round(found["start"], 4), round(found["end"], 4)) == (76.6667, 64.3333)
    assert rounded(found["effects"]) == {
        "rate": 2.072222,
        "mix": -1.627778,
        "entered": -18.111111,
        "exited": 5.333333,
        "unattached": 0,
    }
    assert {each["group"]["segment"] for each in found["groups"]} == {
        *("SMB", "MM", "ENT", "LEGACY", "SELF")
    }


def test_the_periods_swapped(contract):
    found = bridged(
        contract, "--metric", "arpu", "--by", "segment", "--from", "2026-09", "--to", "2026-08"
    )
    assert rounded(found["effects"]) == {
        "rate": -2.072222,
        "mix": 1.627778,
        "entered": -5.333333,
        "exited": 18.111111,
        "unattached": 0,
    }


def test_an_add_on_without_seats_is_unattached(company):
    """10 seats at 100; an add-on of 50 comes: 5 a seat."""
    firm = company(
        {
            ITEMS: [
                {"product": "Core", "seats": 10, "amount": 1_000_00},
                {"product": "Add-on", "seats": 0, "amount": 50_00, **NOW},
            ]
        }
    )
    found = bridged(firm, "--metric", "arpu", "--by", "product", *MONTHS)
    assert rounded(found["effects"]) == {
        "rate": 0,
        "mix": 0,
        "entered": 0,
        "exited": 0,
        "unattached": 5,
    }


def test_accounts_do_not_add_over_products(company):
    rows = [{"product": "Core"}, {"product": "Add-on", "seats": 0}]
    status, out, err = company({ITEMS: rows}).ask(
        "bridge", "--metric", "arpa", "--by", "product", *MONTHS
    )
    assert (status, out) == (2, "")
    assert "does not add up over product" in err


@pytest.fixture
def accounts(company):
    """Continuing 100→120, 50→40 and 200; lost 80; new 30 and 60; gone and back within: 10."""
    return company(
        {
            ITEMS: [
                *group("a", (1, 100), (1, 120)),
                *group("b", (1, 50), (1, 40)),
                *group("c", (1, 200), (1, 200)),
                *group("d", (1, 80), None),
                *group("e", None, (1, 30)),
                *group("f", None, (1, 60)),
            ]
        }
    )


def test_by_account_it_is_who_stayed_came_and_went(accounts):
    """ARPA 107.5→90: continuing +3.33, new −30, lost +9.17."""
    found = bridged(accounts, "--metric", "arpa", "--by", "account", *MONTHS)
    assert (found["start"], found["end"]) == (107.5, 90)
    assert rounded(found["effects"]) == {
        "rate": 3.333333,
        "mix": 0,
        "entered": -30,
        "exited": 9.166667,
        "unattached": 0,
    }


def test_by_account_it_ties_to_the_movements(accounts):
    """What stayed changed by expansion and contraction; who came is new, who went churn."""
    effects = bridged(accounts, "--metric", "arpa", "--by", "account", *MONTHS)["effects"]
    september = ("--period", "2026-09")
    moved = {
        kind: accounts.value(f"mrr_{kind}", *september)
        for kind in ("expansion", "contraction", "new", "churn")
    }
    assert moved == {"expansion": 20, "contraction": -10, "new": 90, "churn": -80}
    stayed = 3  # accounts that pay at both ends, 350 and then 360 together
    assert effects["rate"] == pytest.approx((20 - 10) / stayed)
    assert effects["entered"] == pytest.approx((moved["new"] - 2 * 360 / stayed) / 5)
    assert effects["exited"] == pytest.approx((350 / stayed + moved["churn"]) / 4)


def test_a_win_rate_has_a_bridge_too(company):
    """Owner Ada 1 of 1, then 1 of 2; Bob 0 of 1 at both: the rate of Ada, the mix to Ada."""
    deal = lambda owner, won, month: {  # noqa: E731
        "owner": owner,
        "is_won": won,
        "created_on": "2026-01-01",
        "close_on": f"2026-{month}-10",
    }
    firm = company(
        {
            ITEMS: [{}],
            OPPORTUNITIES: [
                deal("Ada", True, "08"),
                deal("Bob", False, "08"),
                deal("Ada", True, "09"),
                deal("Ada", False, "09"),
                deal("Bob", False, "09"),
            ],
        }
    )
    found = bridged(firm, "--metric", "win_rate", "--by", "owner", *MONTHS)
    assert (found["start"], found["end"]) == (0.5, pytest.approx(1 / 3))
    assert found["effects"]["rate"] == pytest.approx(-0.5 * (1 / 2 + 2 / 3) / 2)
    assert found["effects"]["mix"] == pytest.approx(0.125)


def test_dimensions_are_ranked_by_how_much_they_explain(contract):
    found = bridged(contract, "--metric", "arpu", *MONTHS)
    assert found[0]["groups"][0]["group"].keys() == {"segment"}


def test_a_ratio_without_a_value_in_one_period_is_refused(company):
    status, _, err = company({ITEMS: [{**NOW}]}).ask(
        "bridge", "--metric", "arpu", "--by", "segment", *MONTHS
    )
    assert status == 2
    assert "no value" in err


def test_a_numerator_that_does_not_add_over_the_dimension_is_refused(company):
    """The ten largest of each segment are not the ten largest: start and end are not the total."""
    people = [{"account_id": f"A{n}", "segment": "AB"[n % 2]} for n in range(12)]
    firm = company({ITEMS: [{"account_id": f"A{n}"} for n in range(12)], ACCOUNTS: people})
    status, out, _ = firm.ask(
        *("bridge", "--metric", "top10_share", "--by", "segment", "--format", "json"), *MONTHS
    )
    assert status == 2 or json.loads(out)["start"] == firm.value("top10_share")


def test_the_group_is_named_as_the_dimension_was_asked_for(accounts):
    found = bridged(accounts, "--metric", "arpa", "--by", "account", *MONTHS)
    assert found["groups"][0]["group"].keys() == {"account"}
