"""A bundle's MRR is shown where its products are."""

from engine.cli import exit_status

ITEMS = "billing/subscription_items"
BUNDLES = "[policy]\nbundles = { Suite = { Core = 0.7, Analytics = 0.3 } }"


def test_a_bundle_is_allocated_by_fixed_shares_to_the_last_micro_unit(company):
    """A third of a dollar and one more cent: nothing is lost."""
    items = [
        {"product": "Suite", "amount": 100, "interval_count": 3, "seats": 6},
        {"account_id": "B", "product": "Core", "amount": 1, "seats": 1},
    ]
    firm = company({ITEMS: items}, toml=BUNDLES)
    assert firm.values("mrr", "--by", "product") == {"Core": 0.243333, "Analytics": 0.1}
    assert firm.value("mrr") == 0.343333
    assert firm.values("accounts", "--by", "product") == {"Core": 2, "Analytics": 1}
    assert firm.values("paid_seats", "--by", "product") == {"Core": 7, "Analytics": 0}


def test_nothing_but_product_dimensions_changes(company):
    firm = company({ITEMS: [{"product": "Suite"}]}, toml=BUNDLES)
    assert firm.values("mrr", "--by", "segment") == {"SMB": 100}
    assert firm.value("accounts") == 1


def test_moving_to_a_bundle_is_transfer_and_expansion(company):
    until, since = {"valid_to": "2026-09-10"}, {"valid_from": "2026-09-10"}
    items = [{"product": "Core", **until}, {"product": "Suite", "amount": 120_00, **since}]
    firm = company({ITEMS: items}, toml=BUNDLES)
    by_product = ("--by", "product", "--period", "2026-09")
    assert firm.values("mrr_transfer", *by_product) == {"Core": -16, "Analytics": 16}
    assert firm.values("mrr_expansion", *by_product) == {"Core": 0, "Analytics": 20}


def test_shares_that_do_not_add_up_are_refused(tmp_path, capsys):
    text = "[workspace]\nsnapshots = 'x'\n[policy]\nbundles = { Suite = { Core = 0.7 } }"
    (tmp_path / "quarterdeck.toml").write_text(text)
    assert exit_status(["metrics", "--workspace", str(tmp_path)]) == 2
    assert "add up to 1" in capsys.readouterr().err
