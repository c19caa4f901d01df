"""What expansion and contraction came from: seats, price, products, by hand."""

import pytest

ITEMS, LINES, ACCOUNTS = "billing/subscription_items", "billing/invoice_lines", "crm/accounts"
RATES = "billing/fx_rates"
BEFORE, AFTER = {"valid_to": "2026-09-10"}, {"valid_from": "2026-09-10"}
SEPTEMBER = ("--period", "2026-09")
LEVERS = ("seats", "price", "product")


def levers(firm, *arguments):
    """Levers that are not zero, by kind and group."""
    rows = firm.rows("--metric", ",".join(f"lever_{kind}" for kind in LEVERS), *arguments)
    return {
        "/".join([row["metric"].removeprefix("lever_"), *row["group"].values()]): row["value"]
        for row in rows
        if row["value"]
    }


@pytest.fixture
def everything(company):
    """10 seats at 100 become 12 at 110; an add-on of 50 comes, another of 30 goes."""
    return company(
        {
            ITEMS: [
                {"product": "Core", "seats": 10, "amount": 1_000_00, **BEFORE},
                {"product": "Core", "seats": 12, "amount": 1_320_00, **AFTER},
                {"product": "Storage", "seats": 0, "amount": 50_00, **AFTER},
                {"product": "Support", "seats": 0, "amount": 30_00, **BEFORE},
                {"account_id": "new", "product": "Core", **AFTER},
                {"account_id": "left", "product": "Core", **BEFORE},
            ]
        }
    )


def test_seats_are_valued_at_the_mean_of_both_prices(everything):
    """2 seats × 105 = 210; the other 110 of 320 are price; 50 − 30 are products."""
    assert levers(everything, *SEPTEMBER) == {"seats": 210, "price": 110, "product": 20}
    assert everything.value("mrr_expansion", *SEPTEMBER) == 340
    assert everything.value("mrr_contraction", *SEPTEMBER) == 0


def test_by_product_they_sum_to_expansion_contraction_and_transfer(everything):
    by_product = (*SEPTEMBER, "--by", "product")
    assert levers(everything, *by_product) == {
        "seats/Core": 210,
        "price/Core": 110,
        "product/Storage": 50,
        "product/Support": -30,
    }
    kinds = ("mrr_expansion", "mrr_contraction", "mrr_transfer")
    moved = [everything.values(kind, *by_product) for kind in kinds]
    sums = {product: sum(each[product] for each in moved) for product in moved[0]}
    assert sums == pytest.approx({"Core": 320, "Storage": 50, "Support": -30})


def test_without_seats_at_one_end_all_of_it_is_price(company):
    firm = company(
        {
            ITEMS: [
                {"seats": 0, "amount": 100_00, **BEFORE},
                {"seats": 5, "amount": 130_00, **AFTER},
            ]
        }
    )
    assert levers(firm, *SEPTEMBER) == {"price": 30}


def test_seats_that_come_at_no_charge_lower_the_price(company):
    """100 for 4 seats, then for 5: one more at the mean of 25 and 20, less as much in price."""
    firm = company({ITEMS: [{"seats": 4, **BEFORE}, {"seats": 5, **AFTER}]})
    assert levers(firm, *SEPTEMBER) == {"seats": 22.5, "price": -22.5}


def test_a_discount_that_ends_is_price(company):
    firm = company({ITEMS: [{"seats": 4, "discount": 20_00, **BEFORE}, {"seats": 4, **AFTER}]})
    assert levers(firm, *SEPTEMBER) == {"price": 20}


def test_free_seats_beside_paid_ones_are_not_counted(company):
    firm = company({ITEMS: [{"seats": 4}, {"seats": 90, "amount": 0, "plan": "Viewer", **AFTER}]})
    assert levers(firm, *SEPTEMBER) == {}


def test_the_seats_lever_is_rounded_half_to_even_and_price_takes_the_rest(company):
    """1 cent on 3 seats, then 2 cents on 4: the mean price is 41.6̅ per ten thousand."""
    firm = company(
        {ITEMS: [{"seats": 3, "amount": 1, **BEFORE}, {"seats": 4, "amount": 2, **AFTER}]}
    )
    assert levers(firm, *SEPTEMBER) == {"seats": 0.004167, "price": 0.005833}


def test_exchange_rates_are_no_lever(company):
    """10 euros a seat; the second seat comes at the later rate."""
    euro = {"currency": "EUR"}
    firm = company(
        {
            ITEMS: [
                {"seats": 1, "amount": 10_00, **euro, **BEFORE},
                {"seats": 2, "amount": 20_00, **euro, **AFTER},
            ],
            RATES: [
                {"month": f"2026-0{month}", "rate": 1.0 if month < 9 else 1.5}
                for month in range(1, 10)
            ],
        }
    )
    assert levers(firm, *SEPTEMBER) == {"seats": 15}
    assert firm.value("mrr_fx", *SEPTEMBER) == 5


@pytest.mark.parametrize(("amount", "segment"), [(160_00, "Mid-market"), (40_00, "SMB")])
def test_an_account_that_grew_is_booked_where_it_went_else_where_it_was(company, amount, segment):
    firm = company(
        {
            ITEMS: [{"seats": 4, **BEFORE}, {"seats": 4, "amount": amount, **AFTER}],
            ACCOUNTS: [
                {"account_id": "A", "segment": "SMB", "valid_to": "2026-09-20"},
                {"account_id": "A", "segment": "Mid-market", "valid_from": "2026-09-20"},
            ],
        }
    )
    by_segment = levers(firm, *SEPTEMBER, "--by", "segment")
    assert by_segment == {f"price/{segment}": amount / 100 - 100}


def test_a_quarter_is_the_sum_of_its_months(company):
    """A seat comes at 100 in July and goes at the mean of 100 and 150 in September."""
    firm = company(
        {
            ITEMS: [
                {"seats": 1, "valid_to": "2026-07-10"},
                {"seats": 2, "amount": 200_00, "valid_from": "2026-07-10"}
                | {"valid_to": "2026-09-10"},
                {"seats": 1, "amount": 150_00, **AFTER},
            ]
        }
    )
    assert levers(firm) == {"seats": -25, "price": 75}


def test_by_other_item_dimensions_they_are_null_with_the_reason(everything):
    rows = everything.rows("--metric", "mrr,lever_seats", "--by", "plan")
    (row,) = (row for row in rows if row["metric"] == "lever_seats")
    assert row["value"] is None
    assert row["reason"] == "levers are told apart by product, not by plan"


def test_a_metric_that_cannot_be_had_by_a_dimension_says_so_when_asked_for_alone(everything):
    rows = everything.rows("--metric", "lever_seats", "--by", "plan")
    assert [row["value"] for row in rows] == [None]
