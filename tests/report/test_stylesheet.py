"""The style sheet as the renderer gets it: whole, with every colour and length in place."""

import pytest

from engine.brand import Brand
from engine.errors import EngineError
from engine.report import stylesheet
from engine.report.assets import TEMPLATES
from engine.report.heat import brand_ground, signed_ground
from engine.report.look import look

LOOK = look(Brand(name="Acme"), None)


def test_every_variable_is_settled():
    rules = stylesheet.stylesheet(LOOK)
    assert "var(" not in rules
    assert LOOK.palette.ink in rules


def test_every_file_is_in_it():
    assert sorted(stylesheet._FILES) == sorted(each.stem for each in (TEMPLATES / "css").iterdir())


def test_every_ground_that_a_cell_can_have_has_its_rule():
    rules = stylesheet.stylesheet(LOOK)
    for part in (-1.0, -0.4, 0.0, 0.3, 0.77, 1.0):
        for ground in (signed_ground(part, LOOK.palette), brand_ground(abs(part), LOOK.palette)):
            assert f".ground-{ground[1:]} {{ background: {ground} }}" in rules


def test_a_variable_that_there_is_none_of_is_an_error(monkeypatch):
    monkeypatch.setattr(stylesheet, "_rules", lambda: "p { color: var(--inky) }")
    with pytest.raises(EngineError, match="--inky"):
        stylesheet.stylesheet(LOOK)
