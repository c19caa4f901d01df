import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.report.context import PackContext
from engine.report.look import look
from engine.report.material import Material
from engine.report.rollforward import MOVEMENTS, footed, printed, roll_forward
from engine.report.words import Words

AMOUNTS = st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: round(value, 4))


@given(opening=AMOUNTS, moves=st.lists(AMOUNTS, min_size=1, max_size=8))
def test_printed_movements_always_add_up(opening: float, moves: list[float]) -> None:
    """Ends are rounded as usual; a movement is off its own rounding by at most one."""
    values = [opening, *moves, opening + sum(moves)]
    wholes = footed(values)
    assert wholes[0] == round(opening)
    assert wholes[-1] == round(values[-1])
    changed = [abs(whole - value) for whole, value in zip(wholes, values, strict=True)]
    assert max(changed) <= 1.5 + 1e-6
    if any(moves):
        assert sum(wholes[:-1]) == wholes[-1]


def test_the_largest_rounding_is_what_moves() -> None:
    """10.4 + 0.4 + 5.3 = 16.1 prints 10 + 1 + 5 = 16: the 0.4 gives way, not the 5.3."""
    assert footed([10.4, 0.4, 5.3, 16.1]) == (10, 1, 5, 16)


def test_a_movement_of_zero_is_printed_as_zero() -> None:
    assert footed([10.4, 0.0, 5.6, 16.0])[1] == 0


def test_the_printed_bridge_is_the_numbers(context: PackContext) -> None:
    material = Material(context, Words("en_US", "USD"), look(context.brand, None))
    for period in material.span.recent:
        roll = roll_forward(material, period, names=tuple(MOVEMENTS))
        assert roll.values is not None
        assert sum(roll.values[:-1]) == pytest.approx(roll.values[-1])
        cells = printed(roll, material.words, material.words.scale(roll.values))
        wholes = [int(cell.text.replace(",", "").replace("−", "-")) for cell in cells]
        assert sum(wholes[:-1]) == wholes[-1]
        assert [cell.number for cell in cells] == list(roll.numbers)
