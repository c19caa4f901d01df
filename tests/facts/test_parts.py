"""What is counted part by part, and kept, is what is counted at once."""

from datetime import date
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.cache import Cache
from engine.errors import DataError
from engine.facts import billed as counting
from engine.facts.conversion import NEXT, OWN, YEAR
from engine.facts.fact_cache import FactCache
from engine.facts.keeping import Keeping
from engine.facts.keys import with_keys
from engine.facts.recognition import Recognition
from engine.facts.sources import Calendar
from engine.intake.listing import Listed
from engine.intake.parts import Part
from engine.money import Rates
from engine.period import month_number
from engine.policy import Policy
from fixtures.stories import table_frame

LAST = month_number(date(2026, 12, 1))
CALENDAR = Calendar(LAST, date(2026, 12, 31))
RATES = Rates("USD", {("EUR", LAST - k): Fraction(108 + k, 100) for k in range(30)})
HOW = Recognition(
    CALENDAR, RATES, Policy(), ("product", "charge_type", "entry_type"), (OWN, NEXT, YEAR)
)
KEYS = ["account_id", "product", "charge_type", "entry_type", "month_number"]

line = st.fixed_dictionaries(
    {
        "account_id": st.sampled_from(["a", "b", "c"]),
        "product": st.sampled_from(["Core", "Support", None]),
        "charge_type": st.sampled_from(["recurring", "usage"]),
        "amount": st.integers(0, 10**6),
        "currency": st.sampled_from(["USD", "EUR"]),
        "service_from": st.dates(date(2025, 1, 1), date(2026, 6, 1)),
        "service_to": st.dates(date(2026, 6, 2), date(2027, 5, 1)),
    }
)


def lines(rows):
    return with_keys(table_frame("billing/invoice_lines", rows).lazy(), ())


def kept(rows, *names):
    """Those rows in as many parts as there are names."""
    step = -(-len(rows) // len(names))
    return [Part(lines(rows[n * step : (n + 1) * step]), name) for n, name in enumerate(names)]


def billed(parts, how, *keeping):
    """What all of them come to."""
    return pl.concat(counting.billed(parts, how, *keeping))


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "kept")


@pytest.fixture
def keeping(cache):
    return Keeping(FactCache(cache))


@settings(deadline=None, max_examples=30)
@given(st.lists(line, min_size=4, max_size=12))
def test_parts_add_up_to_the_whole(rows):
    whole = billed([Part(lines(rows))], HOW).sort(KEYS)
    parts = [Part(lines(rows[start::3])) for start in range(3)]
    assert billed(parts, HOW).sort(KEYS).equals(whole)


def test_what_was_kept_is_read_back_and_another_part_is_counted(keeping):
    rows = [
        {"account_id": "a", "amount": 100, "invoiced_on": "2026-03-05"},
        {"account_id": "b", "amount": 200, "invoiced_on": "2026-03-09"},
    ]
    cold = billed(kept(rows, "one", "two"), HOW, keeping)
    gone = [Part(lines(rows).filter(pl.lit(value=False)), name) for name in ("one", "two")]
    assert billed(gone, HOW, keeping).sort(KEYS).equals(cold.sort(KEYS))
    restated = [rows[0], {**rows[1], "amount": 300}]
    changed = [gone[0], kept(restated, "one", "three")[1]]
    assert billed(changed, HOW, keeping).sort(KEYS)["revenue"].to_list() == [1_000_000, 3_000_000]


def test_nothing_is_kept_of_a_file_that_changed_while_it_was_counted(cache, keeping, tmp_path):
    changed = tmp_path / "lines.parquet"
    changed.write_bytes(b"written since")
    rows = [{"amount": 100, "invoiced_on": "2026-03-05"}] * 2
    files = ((str(changed), Listed("lines.parquet", 1, "0")),)
    parts = [Part(lines(rows[:1]), "one"), Part(lines(rows[1:]), "two", files)]
    assert billed(parts, HOW, keeping)["revenue"].to_list() == [2_000_000]
    kept_files = [path.parent.name for path in cache.folder.rglob("*") if path.is_file()]
    assert sorted(kept_files) == ["labels", "months", "partials"]


@pytest.mark.parametrize(
    "other",
    [
        {"rates": Rates("USD", {("EUR", LAST - k): Fraction(2) for k in range(30)})},
        {"policy": Policy(recognition="months")},
        {"calendar": Calendar(LAST - 1, date(2026, 11, 30))},
        {"kind": "usage"},
        {"trailing": 3},
    ],
)
def test_what_was_kept_is_of_one_question_only(keeping, other):
    rows = [
        {"currency": "EUR", "amount": 900, "service_from": "2026-01-01", "service_to": "2027-01-01"}
    ] * 2
    billed(kept(rows, "one", "two"), HOW, keeping)
    asked = Recognition(
        **{name: getattr(HOW, name) for name in HOW.__slots__} | other  # type: ignore[arg-type]
    )
    alone = billed(kept(rows, "", ""), asked)
    assert billed(kept(rows, "one", "two"), asked, keeping).sort(KEYS).equals(alone.sort(KEYS))
    assert not alone.sort(KEYS).equals(billed(kept(rows, "", ""), HOW).sort(KEYS))


def test_a_month_that_fits_in_each_part_but_not_in_all_is_an_error():
    rows = [{"amount": 3 * 10**14, "invoiced_on": "2026-03-05"}] * 2
    with pytest.raises(DataError, match="too large"):
        billed(kept(rows, "", ""), HOW)
