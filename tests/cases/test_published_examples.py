"""Worked examples that vendors, guides and textbooks have published, through the command line.

The number in a test's name is that of the collection they were gathered in (30, as of 2026).
Where what is printed is wrong, the corrected value is asserted and the printed one named.

Held elsewhere: 1 and 2 (test_worked_examples), 20 (metrics/test_economics), 23
(metrics/test_retention).

Not expressible under the contract, so not here:

- 17, second half: an invoice of 25 for 16 days of a month on a 50 plan, scaled back up to a
  month's worth (48.44, or 50 at half a month). MRR is the contracted amount or the revenue
  recognised, never a prorated invoice scaled up; the plan's 50 is what the first would say.
- 18, second half: a yearly churn of 20% as a lifetime of 5 years. Churn is monthly here; 20% a
  year compounds from 1.84% a month, which is 54 months.
- 28: Das Gupta's split of the structure effect over two crossed dimensions (age, race). A bridge
  takes both dimensions as one, or ranks them; it does not share mix between them.
- 29: Foodie-Fi's counts need its data set, which is not here.
- The discounted LTV that is printed as 859,286 (858,929): no lifetime value is discounted.
- Wrong formulas without numbers of their own (LTV times lifetime twice, net new ARR less
  expansion).
"""

import json
from fractions import Fraction

import pytest

from engine.metrics.bridge import bridge, sum_bridge

ITEMS, LINES, SPEND = "billing/subscription_items", "billing/invoice_lines", "crm/spend"

#: In August, from the tenth of September, and until then.
AUGUST, SINCE = {"valid_from": "2026-08-10"}, {"valid_from": "2026-09-10"}
UNTIL = {**AUGUST, "valid_to": "2026-09-10"}
SEPTEMBER = ("--period", "2026-09")

#: Churn as the tools show it: of one month, with the whole revenue as margin.
A_MONTH = "[policy]\nchurn_months = 1\ngross_margin = 1.0"


def accounts(count: int, prefix: str = "A", **more: object) -> list[dict]:
    return [{"account_id": f"{prefix}{n}", **more} for n in range(count)]


def changes(name: str, before: int, after: int) -> list[dict]:
    """An account that pays another amount, in cents, from the tenth of September."""
    return [
        {"account_id": name, "amount": before, **UNTIL},
        {"account_id": name, "amount": after, **SINCE},
    ]


def test_3_stripe_adds_new_subscribers_to_the_base_and_chartmogul_does_not(company):
    """Start 1,000, new 100, churned 100: 9.09% at Stripe, 10% at ChartMogul."""
    firm = company(
        {
            ITEMS: [
                *accounts(900, **AUGUST),
                *accounts(100, "left", **UNTIL),
                *accounts(100, "new", **SINCE),
            ]
        }
    )
    assert round(firm.value("logo_churn", *SEPTEMBER, "--policy", "stripe"), 4) == 0.0909
    assert firm.value("logo_churn", *SEPTEMBER, "--policy", "chartmogul") == 0.1


def test_4_churned_revenue_is_what_left_and_what_shrank(company):
    """120 a year cancelled and 50 made 25: 10 + 25 = 35."""
    yearly = {"account_id": "left", "amount": 120_00, "interval": "year", **UNTIL}
    firm = company({ITEMS: [yearly, *changes("shrinks", 50_00, 25_00)]})
    (row,) = firm.rows("--metric", "revenue_churn", *SEPTEMBER, "--policy", "stripe")
    assert row["numerator"] == 35
    assert firm.value("mrr_churn", *SEPTEMBER) == -10
    assert firm.value("mrr_contraction", *SEPTEMBER) == -25


def test_5_stripes_arpu_is_by_subscriber(company):
    """MRR 50,000 over 100: 500; that their 400 seats make 125 is another question."""
    firm = company({ITEMS: accounts(100, amount=500_00, seats=4)})
    assert firm.value("arpu", "--policy", "stripe") == 500
    assert firm.value("arpu") == 125


def test_6_a_lifetime_value_from_the_unrounded_churn(company):
    """110 at the start, 10 churn, ARPU 500: 5,500. Printed: 5,555, from churn rounded to 9%."""
    firm = company(
        {ITEMS: [*accounts(100, amount=500_00, **AUGUST), *accounts(10, "left", **UNTIL)]}
    )
    assert firm.value("ltv", *SEPTEMBER, "--policy", "stripe") == pytest.approx(5_500)


def test_7_net_retention_of_a_month_counts_what_expanded_once(company):
    """100 at 10; 10 leave, 5 go to 25: 75 gained, 100 lost: 97.5%. Printed: 102.5%."""
    grows = [row for n in range(5) for row in changes(f"grows{n}", 10_00, 25_00)]
    stays = accounts(85, amount=10_00, **AUGUST)
    leaves = accounts(10, "left", amount=10_00, **UNTIL)
    firm = company({ITEMS: [*stays, *leaves, *grows]}, toml=A_MONTH)
    assert firm.value("mrr_expansion", *SEPTEMBER) == 75
    assert firm.value("mrr_churn", *SEPTEMBER) == -100
    assert 1 - firm.value("net_revenue_churn", *SEPTEMBER) == 0.975


def test_8_a_tenth_of_a_cohort_leaves_each_month(company):
    """100 → 90, 81, 73, 66, 59."""
    left = [100, 90, 81, 73, 66, 59, 59]
    rows = [
        {
            "account_id": f"A{n}",
            "valid_from": "2026-03-10",
            "valid_to": next((f"2026-0{3 + age}-10" for age in range(6) if n >= left[age]), None),
        }
        for n in range(100)
    ]
    firm = company({ITEMS: rows})
    _, out, _ = firm.ask("cohorts", "--monthly", "--period", "2026-08", "--format", "json")
    assert [row["active"] for row in json.loads(out)] == [100, 90, 81, 73, 66, 59]


def test_9_trials_that_convert(company):
    """15 of 100: 15%. A trial stands in the export as a free live row that ends."""
    trials = accounts(100, amount=0, **UNTIL)
    firm = company({ITEMS: [*trials, *accounts(15, **SINCE)]})
    assert firm.value("free_to_paid", *SEPTEMBER) == 0.15


def test_10_mrr_is_summed_over_plans(company):
    """5 × 5: 25; and 2 × 30: 85."""
    firm = company(
        {ITEMS: [*accounts(5, amount=5_00, **AUGUST), *accounts(2, "B", amount=30_00, **SINCE)]}
    )
    assert firm.value("mrr", "--period", "2026-08") == 25
    assert firm.value("mrr", *SEPTEMBER) == 85


def test_11_the_mean_account(company):
    """1, 1, 3, 5, 5: 3."""
    amounts = enumerate((1_00, 1_00, 3_00, 5_00, 5_00))
    firm = company({ITEMS: [{"account_id": f"A{n}", "amount": amount} for n, amount in amounts]})
    assert firm.value("arpa") == 3


def test_12_a_customers_whole_life(company):
    """New 166.67, expansion 60, contraction 60, churn 166.67, reactivation 150."""
    gold = {"amount": 500_00, "interval": "year", "plan": "Gold"}
    firm = company(
        {
            ITEMS: [
                *[{**gold, "valid_from": "2025-03-10", "valid_to": "2026-03-10"} for _ in range(4)],
                *[
                    {"amount": 30_00, "valid_from": "2025-05-10", "valid_to": "2025-07-10"}
                    for _ in range(2)
                ],
                *[{"amount": 50_00, "valid_from": "2026-06-10"} for _ in range(3)],
            ]
        }
    )
    moved = {
        ("mrr_new", "2025-03"): 166.67,
        ("mrr_expansion", "2025-05"): 60,
        ("mrr_contraction", "2025-07"): -60,
        ("mrr_churn", "2026-03"): -166.67,
        ("mrr_reactivation", "2026-06"): 150,
    }
    for (metric, month), amount in moved.items():
        assert round(firm.value(metric, "--period", month), 2) == amount


def test_13_who_joins_and_leaves_in_the_month_is_not_churn(company):
    """100 customers, 11 leave, 1 of them joined in the month: 10%."""
    joined = {"account_id": "joined", "valid_from": "2026-09-05", "valid_to": "2026-09-20"}
    firm = company({ITEMS: [*accounts(90, **AUGUST), *accounts(10, "left", **UNTIL), joined]})
    assert firm.value("logo_churn", *SEPTEMBER, "--policy", "chartmogul") == 0.1


def test_14_gross_and_net_churn(company):
    """Opening 100, churn 10, contraction 10, expansion 10: gross 20%, net 10%."""
    rows = [
        {"account_id": "stays", "amount": 50_00, **AUGUST},
        {"account_id": "left", "amount": 10_00, **UNTIL},
        *changes("shrinks", 20_00, 10_00),
        *changes("grows", 20_00, 30_00),
    ]
    firm = company({ITEMS: rows})
    chartmogul = (*SEPTEMBER, "--policy", "chartmogul")
    assert firm.value("revenue_churn", *chartmogul) == 0.2
    assert firm.value("net_revenue_churn", *chartmogul) == 0.1


def test_15_new_business_is_in_neither_churn(company):
    """100 → 120 with 10 new: net −10%. 100 → 95: gross 5%. By month here, by day in print."""
    new = {"account_id": "new", "amount": 10_00, **SINCE}
    gained = company({ITEMS: [*changes("A", 100_00, 110_00), new]}, toml=A_MONTH)
    assert gained.value("mrr", *SEPTEMBER) == 120
    assert gained.value("net_revenue_churn", *SEPTEMBER) == -0.1
    lost = company({ITEMS: changes("A", 100_00, 95_00)}, toml=A_MONTH)
    assert lost.value("revenue_churn", *SEPTEMBER) == 0.05


def test_16_lifetime_value_without_margin(company):
    """ARPA 100, churn 5%: 2,000."""
    firm = company({ITEMS: [*accounts(19, **AUGUST), *accounts(1, "left", **UNTIL)]})
    chartmogul = (*SEPTEMBER, "--policy", "chartmogul")
    assert firm.value("arpa", *chartmogul) == 100
    assert firm.value("ltv", *chartmogul) == pytest.approx(2_000)


def test_17_a_quarterly_amount_is_divided_by_its_months(company):
    """90 for three months: 30; in MRR from contracts and from invoices alike."""
    quarter = {"service_from": "2026-07-01", "service_to": "2026-10-01"}
    firm = company(
        {ITEMS: [{"amount": 90_00, "interval_count": 3}], LINES: [{"amount": 90_00, **quarter}]},
        toml='[policies.billed]\nmrr_source = "invoices"\nrecognition = "months"',
    )
    assert firm.value("mrr") == 30
    assert firm.value("mrr", "--policy", "billed") == 30


def test_18_the_lifetime_of_three_percent_a_month(company):
    """33 months: LTV over ARPA, without margin."""
    firm = company({ITEMS: [*accounts(97, **AUGUST), *accounts(3, "left", **UNTIL)]}, toml=A_MONTH)
    lifetime = firm.value("ltv", *SEPTEMBER) / firm.value("arpa", *SEPTEMBER)
    assert round(lifetime) == 33


@pytest.mark.parametrize(
    ("cost", "arpa", "margin", "months"),
    [(37_100, 5_000, 0.8, 9.275), (2_400, 500, 0.8, 6), (2_400, 500, 0.5, 9.6)],
)
def test_19_and_21_months_until_a_customer_has_paid_back(company, cost, arpa, margin, months):
    """37,100 at 4,000 a month: 9.275; 2,400 / (500 × 80%): 6; at 50%: 9.6."""
    firm = company(
        {
            ITEMS: [{"amount": arpa * 100, **SINCE}],
            SPEND: [{"month": "2026-09", "amount": cost * 100}],
        },
        toml=f"[policy]\ngross_margin = {margin}",
    )
    assert firm.value("cac_payback_months", *SEPTEMBER) == pytest.approx(months)


@pytest.mark.parametrize(
    ("new", "grown", "shrunk", "left", "ratio"),
    [(5_000, 1_000, 500, 1_500, 3), (20_000, 8_000, 3_000, 5_000, 3.5)],
)
def test_22_what_was_gained_over_what_was_lost(company, new, grown, shrunk, left, ratio):
    """(5,000 + 1,000) / (1,500 + 500): 3; 28,000 / 8,000: 3.5."""
    rows = [
        {"account_id": "new", "amount": new * 100, **SINCE},
        {"account_id": "left", "amount": left * 100, **UNTIL},
        *changes("grows", 9_000_00, (9_000 + grown) * 100),
        *changes("shrinks", 9_000_00, (9_000 - shrunk) * 100),
    ]
    assert company({ITEMS: rows}).value("quick_ratio", *SEPTEMBER) == ratio


def test_24_a_roll_forward_and_its_retention(company):
    """1,970 + 480 + 120 − 90 − 35 = 2,445; NRR 99.75%, GRR 93.65%."""
    year_ago = {"valid_from": "2025-09-10"}
    until = {**year_ago, "valid_to": "2026-09-10"}
    rows = [
        {"account_id": "stays", "amount": 1_000_00, **year_ago},
        {"account_id": "grows", "amount": 400_00, **until},
        {"account_id": "grows", "amount": 520_00, **SINCE},
        {"account_id": "shrinks", "amount": 535_00, **until},
        {"account_id": "shrinks", "amount": 445_00, **SINCE},
        {"account_id": "leaves", "amount": 35_00, **until},
        {"account_id": "comes", "amount": 480_00, **SINCE},
    ]
    firm = company({ITEMS: rows})
    assert firm.value("mrr", "--period", "2026-08") == 1_970
    assert firm.value("mrr", *SEPTEMBER) == 2_445
    assert round(firm.value("nrr", *SEPTEMBER), 4) == 0.9975
    assert round(firm.value("grr", *SEPTEMBER), 4) == 0.9365


#: Opening, new and churned, a quarter each; the next opening is what remains.
BUCKET = (
    (15_000, 1_500, 300),
    (16_200, 1_750, 350),
    (17_600, 1_900, 400),
    (19_100, 2_500, 450),
    (21_150, 2_250, 500),
    (22_900, 2_750, 550),
    (25_100, 2_950, 650),
    (27_400, 3_400, 750),
    (30_050, 3_350, 800),
)


def test_25_the_leaky_bucket_of_nine_quarters(company):
    """15,000 and what came less what went, quarter by quarter: 32,600."""
    quarters = [f"{2024 + n // 4}Q{n % 4 + 1}" for n in range(9)]
    days = [f"{2024 + n // 4}-{n % 4 * 3 + 2:02}-10" for n in range(9)]
    start = {"valid_from": "2023-06-01"}
    rows = [{"account_id": "stays", "amount": (15_000 - 4_750) * 100, **start}]
    for day, (_, new, left) in zip(days, BUCKET, strict=True):
        rows.append({"account_id": f"new {day}", "amount": new * 100, "valid_from": day})
        rows.append({"account_id": f"left {day}", "amount": left * 100, **start, "valid_to": day})
    firm = company({ITEMS: rows}, as_of="2026-04-01")
    asked = ("--metric", "mrr,mrr_new,mrr_churn")
    found = [[row["value"] for row in firm.rows(*asked, "--period", each)] for each in quarters]
    assert found == [[start + new - left, new, -left] for start, new, left in BUCKET]
    assert found[-1][0] == 32_600


def priced(**products: tuple[int, int]) -> dict[str, tuple[Fraction, Fraction]]:
    """``A=(10, 1000)``: a thousand at ten."""
    return {
        name: (Fraction(price * units), Fraction(units))
        for name, (price, units) in products.items()
    }


def test_26_price_volume_and_mix_without_a_remainder():
    """Δ 7,900: volume 2,987.30, mix 1,976.35, price 2,936.35. Printed: 900 left over as "mix"."""
    found = sum_bridge(
        priced(A=(10, 1000), B=(15, 800), C=(20, 500)),
        priced(A=(11, 1000), B=(15, 700), C=(23, 800)),
    )
    assert found.end - found.start == 7_900
    parts = (found.volume, found.effects["mix"], found.effects["rate"])
    assert [round(float(part), 2) for part in parts] == [2_987.30, 1_976.35, 2_936.35]
    assert sum(parts) == 7_900


#: Das Gupta 1993 (US Census Bureau, P23-186), example 5.1: of thirteen age groups in 1970 and
#: 1985 the share of the population and the rate, both in per cent.
SHARES_1970 = "12.9 10.9 9.5 8.0 7.8 8.4 8.6 7.8 7.0 5.9 4.7 3.6 4.9"
SHARES_1985 = "10.1 11.2 11.6 10.9 9.4 7.7 6.3 6.0 6.3 5.9 5.1 4.0 5.5"
RATES_1970 = "1.9 25.8 45.7 49.6 51.2 51.6 51.8 54.9 58.7 60.4 62.8 66.6 66.8"
RATES_1985 = "2.2 24.3 45.8 52.5 56.1 55.6 56.0 57.4 57.2 61.2 63.9 68.6 72.2"


def test_27_structure_and_rate_of_thirteen_age_groups():
    """44.7268 → 47.6940: structure 1.2269, rate 1.7403."""
    sides = [
        {
            str(place): (Fraction(share) * Fraction(rate), Fraction(share))
            for place, (share, rate) in enumerate(zip(shares.split(), rates.split(), strict=True))
        }
        for shares, rates in ((SHARES_1970, RATES_1970), (SHARES_1985, RATES_1985))
    ]
    found = bridge(*sides)
    assert (round(float(found.start), 4), round(float(found.end), 4)) == (44.7268, 47.6940)
    assert round(float(found.effects["mix"]), 4) == 1.2269
    assert round(float(found.effects["rate"]), 4) == 1.7403


def test_30_lifetime_value_of_a_yearly_contract(company):
    """2,750 a year × 85% × 4 years: 9,350. Printed: 9,319, from a lifetime cut to fit."""
    yearly = {"amount": 2_750_00, "interval": "year"}
    firm = company(
        {ITEMS: [*accounts(47, **yearly, **AUGUST), *accounts(1, "left", **yearly, **UNTIL)]},
        toml="[policy]\ngross_margin = 0.85",
    )
    assert round(firm.value("ltv", *SEPTEMBER), 2) == 9_350


def test_ten_million_over_ten_thousand_is_a_thousand(company):
    """Printed: 100."""
    assert company({ITEMS: [{"amount": 10_000_000_00, "seats": 10_000}]}).value("arpu") == 1_000


def test_gross_retention_is_not_the_lesser_of_the_totals(company):
    """5,000 → 5,000 in total, one account 1,000 less and one 1,000 more: 80%, not 100%."""
    until = {"valid_from": "2025-09-10", "valid_to": "2026-09-10"}
    rows = [
        {"account_id": "A", "amount": 3_000_00, **until},
        {"account_id": "A", "amount": 2_000_00, **SINCE},
        {"account_id": "B", "amount": 2_000_00, **until},
        {"account_id": "B", "amount": 3_000_00, **SINCE},
    ]
    assert company({ITEMS: rows}).value("grr", *SEPTEMBER) == 0.8


def test_600_a_year_is_50_a_month(company):
    """An older glossary prints 800 / 12 in the same sum."""
    assert company({ITEMS: [{"amount": 600_00, "interval": "year"}]}).value("mrr") == 50
