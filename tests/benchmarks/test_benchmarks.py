"""The benchmark's answers stay as they are, and it sees where two engines differ."""

import polars as pl
import pytest

from tests.benchmarks import company, facts
from tests.benchmarks.tidy import difference, tidy

#: What every engine came to at this size. The company is drawn with Polars' hash: where another
#: version of Polars draws another company, `make bench` says whether the engines agree on it.
_DIGEST = "112402ca0eb9ca8b"

_ANSWER = {
    "metric": ["arpa"],
    "period": ["2026-09"],
    "group": ['{"segment":"SMB"}'],
    "top": [4_000_001],
    "below": [3],
    "value": [4.000001 / 3],
}


@pytest.fixture
def answer() -> pl.DataFrame:
    return pl.DataFrame(_ANSWER)


def test_a_small_company_has_the_numbers_that_it_had(tmp_path) -> None:
    company.made(tmp_path, "20_000")
    assert facts.tables(tmp_path)["digest"] == _DIGEST


def test_equal_answers_have_no_difference(answer) -> None:
    assert difference(answer, answer).is_empty()


@pytest.mark.parametrize("changed", [{"top": [4_000_002]}, {"below": [4]}, {"value": [4 / 3]}])
def test_a_micro_unit_more_is_a_difference(answer, changed) -> None:
    assert difference(answer, pl.DataFrame(_ANSWER | changed)).height == 1


def test_the_last_digit_of_a_ratio_is_none(answer) -> None:
    near = answer.with_columns(pl.col("value") * (1 + 1e-12))
    assert difference(answer, near).is_empty()


def test_a_missing_row_is_a_difference_even_where_it_says_nothing(answer) -> None:
    nothing = answer.with_columns(
        top=pl.lit(None, pl.Int64), below=pl.lit(None, pl.Int64), value=pl.lit(None, pl.Float64)
    )
    assert difference(nothing, nothing.clear()).height == 1
    assert difference(nothing.clear(), nothing).height == 1


def test_a_value_that_only_one_has_is_a_difference(answer) -> None:
    assert difference(answer, answer.with_columns(value=None)).height == 1


def test_sums_are_told_in_whole_micro_units() -> None:
    """Of effects and of ratios of ratios there are none."""
    numbers = pl.DataFrame(
        {
            "metric": ["arpa", "nrr", "arpa"],
            "period": "2026-09",
            "by": ["segment", "", "dimension,effect"],
            "group": ["a", "b", "c"],
            "numerator": [4.000001, 2.5, 7.0],
            "denominator": [3.0, 2.0, None],
            "value": [1.0, 1.25, 7.0],
        }
    )
    assert tidy(numbers).select("top", "below").rows() == [
        (4_000_001, 3),
        (2_500_000, 2_000_000),
        (None, None),
    ]
