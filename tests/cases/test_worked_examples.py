"""The published examples of the contract's section 4, through the command line."""

import pytest

ITEMS, LINES = "billing/subscription_items", "billing/invoice_lines"
ACCOUNTS = "crm/accounts"


def spread(total: int, parts: int) -> list[int]:
    """Whole numbers that add up to the total and differ by one at most."""
    return [total // parts + (place < total % parts) for place in range(parts)]


def accounts(prefix: str, count: int, seats: int, mrr: int, **more: object) -> list[dict]:
    """Account rows of a segment that together have those seats and that MRR in cents."""
    pairs = zip(spread(seats, count), spread(mrr, count), strict=True)
    return [
        {"account_id": f"{prefix}{place}", "seats": seats, "amount": amount, **more}
        for place, (seats, amount) in enumerate(pairs)
    ]


def test_two_hundred_accounts(company):
    """200 accounts, 4,000 seats, MRR 600,000: ARPA 3,000, ARPU 150."""
    firm = company({ITEMS: accounts("A", 200, 4_000, 600_000_00)})
    assert firm.value("mrr") == 600_000
    assert firm.value("arpa") == 3_000
    assert firm.value("arpu") == 150


@pytest.fixture
def three_segments(company):
    """SMB 180/1,440/144,000, Mid-market 60/2,400/312,000, Enterprise 10/1,660/210,667."""
    groups = {
        "SMB": accounts("S", 180, 1_440, 144_000_00),
        "Mid-market": accounts("M", 60, 2_400, 312_000_00),
        "Enterprise": accounts("E", 10, 1_660, 210_667_00),
    }
    people = [
        {"account_id": row["account_id"], "segment": segment}
        for segment, rows in groups.items()
        for row in rows
    ]
    fee = {"account_id": "E0", "charge_type": "one_time", "amount": 210_667_00 // 4}
    recurring = {"account_id": "E0", "service_from": "2026-09-01", "service_to": "2026-10-01"}
    return company(
        {
            ITEMS: [row for rows in groups.values() for row in rows],
            LINES: [{**fee, "invoiced_on": "2026-09-15"}, recurring],
            ACCOUNTS: people,
        }
    )


def test_segments_of_an_eight_million_company(three_segments):
    """ARPU 100.00, 130.00 and 126.91 by segment; 121.21 in all; 22 seats an account."""
    by_segment = three_segments.values("arpu", "--by", "segment")
    rounded = {segment: round(arpu, 2) for segment, arpu in by_segment.items()}
    assert rounded == {"SMB": 100.0, "Mid-market": 130.0, "Enterprise": 126.91}
    assert three_segments.value("mrr") == 666_667
    assert round(three_segments.value("arpu"), 2) == 121.21
    assert round(three_segments.value("arpa"), 2) == 2_666.67
    assert three_segments.value("seats_per_account") == 22.0


def test_a_one_time_fee_does_not_leak(three_segments):
    """A fee of a quarter of the segment's month leaves ARPU at 126.91; leaked: 158.63."""
    assert three_segments.value("one_time_revenue") == 210_667 / 4
    enterprise = three_segments.values("arpu", "--by", "segment")["Enterprise"]
    assert round(enterprise, 2) == 126.91
    leaked = (210_667 * 1.25) / 1_660
    assert round(leaked, 2) == 158.63
    assert three_segments.value("recurring_revenue") == 100


def test_an_annual_figure_per_seat(company):
    """ARR 100,000 on 50 seats, then 110,000 on 62: 2,000, then 1,774.19."""
    year = {"account_id": "A", "interval": "year"}
    firm = company(
        {
            ITEMS: [
                {**year, "seats": 50, "amount": 100_000_00, "valid_to": "2026-07-10"},
                {**year, "seats": 62, "amount": 110_000_00, "valid_from": "2026-07-10"},
            ]
        }
    )
    assert round(firm.value("arpu_annual", "--period", "2026Q2"), 2) == 2_000
    assert round(firm.value("arpu_annual", "--period", "2026Q3"), 2) == 1_774.19
    assert round(firm.value("arr"), 2) == 110_000


def test_monthly_and_yearly_plans_together(company):
    """100 × 100 a month + 50 × 600 a year: MRR 12,500."""
    monthly = [{"account_id": f"M{n}", "amount": 100_00} for n in range(100)]
    yearly = [{"account_id": f"Y{n}", "amount": 600_00, "interval": "year"} for n in range(50)]
    assert company({ITEMS: monthly + yearly}).value("mrr") == 12_500


def test_a_roll_forward_with_exchange_rates(company):
    """1,000 opening + 100 new + 50 expansion − 40 contraction − 60 churn − 5 fx = 1,045."""
    until, since = {"valid_to": "2026-09-10"}, {"valid_from": "2026-09-10"}
    firm = company(
        {
            ITEMS: [
                {"account_id": "stays", "amount": 790_00},
                {"account_id": "euro", "amount": 50_00, "currency": "EUR"},
                {"account_id": "grows", "amount": 25_00, **until},
                {"account_id": "grows", "amount": 75_00, **since},
                {"account_id": "shrinks", "amount": 70_00, **until},
                {"account_id": "shrinks", "amount": 30_00, **since},
                {"account_id": "leaves", "amount": 60_00, **until},
                {"account_id": "comes", "amount": 100_00, **since},
            ],
            "billing/fx_rates": [
                {"month": f"2026-0{month}", "rate": 1.1 if month < 9 else 1.0}
                for month in range(1, 10)
            ],
        }
    )
    september = ("--period", "2026-09")
    assert firm.value("mrr", "--period", "2026-08") == 1_000
    assert firm.value("mrr_new", *september) == 100
    assert firm.value("mrr_expansion", *september) == 50
    assert firm.value("mrr_contraction", *september) == -40
    assert firm.value("mrr_churn", *september) == -60
    assert firm.value("mrr_fx", *september) == -5
    assert firm.value("mrr", *september) == 1_045
