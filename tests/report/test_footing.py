"""Tables that add up both ways as printed."""

from hypothesis import given
from hypothesis import strategies as st

from engine.report.footing import footed_rows

VALUES = st.floats(-1e6, 1e6).map(lambda value: round(value, 3))
ROWS = st.integers(1, 4).flatmap(
    lambda wide: st.lists(st.lists(VALUES, min_size=wide, max_size=wide), min_size=1, max_size=9)
)


@given(ROWS)
def test_columns_add_up_to_their_totals_and_no_value_is_off_by_more_than_one(
    rows: list[list[float]],
) -> None:
    totals = [round(sum(column)) for column in zip(*rows, strict=True)]
    whole = footed_rows(rows, totals)
    assert [sum(column) for column in zip(*whole, strict=True)] == totals
    for row, printed in zip(rows, whole, strict=True):
        assert all(abs(a - b) <= 1.5 for a, b in zip(row, printed, strict=True))


def test_nothing_stays_nothing() -> None:
    assert footed_rows([], [0, 0]) == ()
    assert footed_rows([[0.0, 0.4], [0.0, 0.4]], [0, 1])[0][0] == 0
