"""Whatever the input, a command answers in words; ``make soak`` asks ten thousand times."""

import pytest

from tests.hostile.cases import is_held, outcome


@pytest.mark.parametrize("number", range(152))
def test_random_harm_is_counted_or_refused_in_words(number, tmp_path):
    status, printed = outcome(number, tmp_path)
    assert is_held(status, printed), printed
