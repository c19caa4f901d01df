"""A third party's ledger through ``qbr import`` and the engine, against that party's own results.

``invoice_date``: equal to the cent, in total, by segment and by channel.
``days``: their package cuts every spread line into whole cents a month (largest remainder), we
into micro-units; with 120 annual lines the largest difference is 11.9 cents, in the total's
expansion. No count differs under either rule.
"""

from decimal import Decimal

import pytest

from engine.analysis import Analysis
from engine.cli import exit_status
from engine.config import FILE_NAME, open_workspace
from engine.metrics.cohorts import cohorts
from engine.metrics.numbers import Request
from tests.reference import (
    EXPORT,
    EXPORTED_ON,
    MAPPING_TOML,
    expected_metrics,
    expected_rows,
    expected_waterfall,
    largest_differences,
)

MONTHS = tuple(f"{year}-{month:02}" for year in (2024, 2025) for month in range(1, 13))
MOVES = tuple(f"mrr_{k}" for k in ("new", "reactivation", "expansion", "contraction", "churn"))
COUNTS = ("new_accounts", "reactivated_accounts", "churned_accounts", "accounts")
RATIOS = {"arpa": "arpa", "quick_ratio": "quick_ratio", "nrr_12m": "nrr", "grr_12m": "grr"}
TOLERANCE = {"days": Decimal("0.12"), "invoice_date": Decimal("0.005")}

TOML = f"""
[workspace]
snapshots = "snapshots"
[policy]
mrr_source = "invoices"
recognition = "days"
[policies.as_billed]
mrr_source = "invoices"
recognition = "invoice_date"
{MAPPING_TOML}
"""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """The ledger, imported from the command line."""
    if not EXPORT.exists():
        pytest.skip(f"the reference data is not there: {EXPORT}")
    folder = tmp_path_factory.mktemp("ledger")
    (folder / FILE_NAME).write_text(TOML)
    where = ["--mapping", "billing", "--as-of", str(EXPORTED_ON), "--workspace", str(folder)]
    assert exit_status(["import", str(EXPORT), *where]) == 0
    return folder


def waterfall(frame, by):
    """Our numbers in the reference's shape, with the opening that each month had."""
    found = {}
    for row in frame.iter_rows(named=True):
        group = row["group"][2:-2].partition('":"')[2] if by else ""
        place = found.setdefault((group, row["period"]), {})
        place[row["metric"]] = Decimal(str(row["value"]))
    for group, month in list(found):
        earlier = MONTHS[MONTHS.index(month) - 1] if month != MONTHS[0] else None
        opening = found.get((group, earlier), {}).get("mrr", Decimal(0))
        found[group, month]["opening"] = opening
    return found


@pytest.mark.parametrize("recognition", ["days", "invoice_date"])
@pytest.mark.parametrize("by", ["", "segment", "channel"])
def test_the_roll_forward_is_the_third_partys(workspace, recognition, by):
    policy = None if recognition == "days" else "as_billed"
    analysis = Analysis.open(open_workspace(workspace, workspace), policy=policy)
    dimensions = (by,) if by else ()
    metrics = ("mrr", *MOVES, *(() if by else COUNTS))
    frame = analysis.numbers([Request(metrics, MONTHS, dimensions)])
    theirs = expected_waterfall(recognition, by)
    differences = largest_differences(waterfall(frame, by), theirs)
    assert max(differences.values(), default=0) < TOLERANCE[recognition]
    assert not differences.keys() & set(COUNTS)


@pytest.mark.parametrize("recognition", ["days", "invoice_date"])
def test_arpa_quick_ratio_nrr_and_grr_are_the_third_partys(workspace, recognition):
    """Theirs are computed from figures in cents, so ours agree to their last digits."""
    policy = None if recognition == "days" else "as_billed"
    analysis = Analysis.open(open_workspace(workspace, workspace), policy=policy)
    frame = analysis.numbers([Request(tuple(RATIOS.values()), MONTHS)])
    ours = {(row["period"], row["metric"]): row["value"] for row in frame.iter_rows(named=True)}
    for month, theirs in expected_metrics(recognition).items():
        for name, metric in RATIOS.items():
            if name in theirs:
                assert ours[month, metric] == pytest.approx(theirs[name], rel=2e-5), (month, name)
            else:
                assert ours[month, metric] is None


def test_the_command_line_answers_the_same(workspace, capsys):
    """``qbr metrics --by segment`` for the last month, against their file."""
    arguments = ["metrics", "--metric", "mrr", "--by", "segment", "--period", "2025-12"]
    capsys.readouterr()
    assert exit_status([*arguments, "--format", "csv", "--workspace", str(workspace)]) == 0
    rows = [line.split(",") for line in capsys.readouterr().out.splitlines()[1:]]
    theirs = expected_waterfall("days", "segment")
    for row in rows:
        assert Decimal(row[3]) == pytest.approx(
            theirs[row[2], "2025-12"]["mrr"], abs=Decimal("0.06")
        )


@pytest.mark.parametrize("recognition", ["days", "invoice_date"])
def test_the_retention_triangle_is_the_third_partys(workspace, recognition):
    """Monthly cohorts by first payment: accounts exactly, revenue to their rounding."""
    policy = None if recognition == "days" else "as_billed"
    analysis = Analysis.open(open_workspace(workspace, workspace), policy=policy)
    last = analysis.period("2025-12").closing
    ours = {
        (row["cohort"], row["age"]): row
        for row in cohorts(analysis.book(last), last, by_month=True).iter_rows(named=True)
    }
    theirs = list(expected_rows(recognition, "retention.csv"))
    assert len(theirs) > 200
    for row in theirs:
        mine = ours[row["vintage"][:7], int(row["age"])]
        assert mine["acquired"] == int(row["logos_start"])
        assert mine["active"] == int(row["active_logos"])
        assert mine["mrr"] == pytest.approx(float(row["revenue"]), abs=0.12)
        assert mine["revenue_retention"] == pytest.approx(float(row["ndr"]), abs=2e-5)


@pytest.mark.parametrize("recognition", ["days", "invoice_date"])
def test_concentration_is_the_third_partys(workspace, recognition):
    policy = None if recognition == "days" else "as_billed"
    analysis = Analysis.open(open_workspace(workspace, workspace), policy=policy)
    frame = analysis.numbers([Request(("top10_share",), MONTHS)])
    ours = dict(frame.select("period", "value").iter_rows())
    for row in expected_rows(recognition, "concentration.csv"):
        share = float(row["top10_share"])
        assert ours[row["period_end"][:7]] == pytest.approx(share, abs=1e-6)
