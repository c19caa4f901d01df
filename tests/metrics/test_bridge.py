"""The mix-shift bridge: hand-computed, exact, symmetric, and blind to what does not matter."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.metrics.bridge import EFFECTS, bridge, sum_bridge

F = Fraction


def sums(**groups):
    """``SMB=(60, 20)`` is 60 users at an ARPU of 20."""
    return {name: (F(users) * F(ratio), F(users)) for name, (users, ratio) in groups.items()}


START = sums(SMB=(60, 20), MM=(30, 100), ENT=(10, 400), LEGACY=(20, 50))
END = sums(SMB=(90, 22), MM=(30, 95), ENT=(15, 420), SELF=(45, 10))


def rounded(found):
    return {name: round(float(effect), 6) for name, effect in found.effects.items()}


def test_the_contracts_check():
    found = bridge(START, END)
    assert rounded(found) == {
        "rate": 2.072222,
        "mix": -1.627778,
        "entered": -18.111111,
        "exited": 5.333333,
        "unattached": 0,
    }
    assert round(float(found.start), 4) == 76.6667
    assert round(float(found.end), 4) == 64.3333


def test_accounts_continue_come_and_go():
    """Survivors 100→120, 50→40, 200→200; lost 80; new 30 and 60: ARPA 107.5→90."""
    start = sums(a=(1, 100), b=(1, 50), c=(1, 200), d=(1, 80))
    end = sums(a=(1, 120), b=(1, 40), c=(1, 200), e=(1, 30), f=(1, 60))
    found = rounded(bridge(start, end))
    assert found == {
        "rate": 3.333333,
        "mix": 0,
        "entered": -30,
        "exited": 9.166667,
        "unattached": 0,
    }


def test_no_rate_changed_so_none_is_shown():
    """The case that a known package gets wrong: A stays at 100, B leaves at 20, C comes at 200."""
    found = bridge(sums(A=(50, 100), B=(50, 20)), sums(A=(50, 100), C=(50, 200)))
    assert rounded(found) == {"rate": 0, "mix": 0, "entered": 50, "exited": 40, "unattached": 0}


def test_a_numerator_without_a_denominator_is_unattached():
    """Add-ons of 100 without seats come: ARPU rises by 100 over all 10 seats."""
    start = {"Core": (F(1000), F(10))}
    found = bridge(start, {**start, "Add-on": (F(100), F(0))})
    assert rounded(found) == {"rate": 0, "mix": 0, "entered": 0, "exited": 0, "unattached": 10}


def test_nothing_survives():
    found = bridge(sums(A=(10, 5)), sums(B=(10, 8)))
    assert sum(found.effects.values()) == 3


def test_the_sum_is_bridged_too():
    """Users 120→180 at a mean ARPU of 70.5, and 150 mean users times each effect."""
    found = sum_bridge(START, END)
    assert found.volume == 60 * (F(230, 3) + F(193, 3)) / 2
    assert found.start + found.volume + sum(found.effects.values()) == found.end


numbers = st.integers(-500, 5000)
counts = st.integers(0, 40)
sides = st.dictionaries(st.sampled_from("ABCDEF"), st.tuples(numbers, counts), min_size=1).filter(
    lambda side: sum(count for _, count in side.values()) > 0
)
exact = sides.map(lambda side: {g: (F(top), F(below)) for g, (top, below) in side.items()})


@settings(deadline=None)
@given(exact, exact)
def test_the_five_effects_add_up_to_the_change_exactly(start, end):
    found = bridge(start, end)
    assert sum(found.effects.values()) == found.end - found.start
    per_group = [sum(column) for column in zip(*found.groups.values(), strict=True)]
    assert per_group == [found.effects[name] for name in EFFECTS]
    whole = sum_bridge(start, end)
    assert whole.start + whole.volume + sum(whole.effects.values()) == whole.end


@settings(deadline=None)
@given(exact, exact)
def test_swapping_the_periods_flips_every_sign(start, end):
    there, back = bridge(start, end).effects, bridge(end, start).effects
    assert there["rate"] == -back["rate"]
    assert there["mix"] == -back["mix"]
    assert there["entered"] == -back["exited"]
    assert there["exited"] == -back["entered"]
    assert there["unattached"] == -back["unattached"]


@settings(deadline=None)
@given(exact, exact)
def test_a_group_of_one_period_only_has_neither_rate_nor_mix(start, end):
    found = bridge(start, end)
    for group, (rate, mix, entered, exited, _) in found.groups.items():
        stays = all(group in side and side[group][1] for side in (start, end))
        assert (entered, exited) == (0, 0) if stays else (rate, mix) == (0, 0)


@settings(deadline=None)
@given(exact)
def test_equal_ratios_give_no_rate_and_equal_shares_no_mix(start):
    doubled = {group: (top * 2, below * 2) for group, (top, below) in start.items()}
    grown = bridge(start, doubled).effects
    assert (grown["rate"], grown["mix"]) == (0, 0)
    dearer = {group: (top * 3, below) for group, (top, below) in start.items()}
    assert bridge(start, dearer).effects["mix"] == 0
