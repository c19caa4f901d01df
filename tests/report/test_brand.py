from pathlib import Path

import pytest
from pydantic import ValidationError

from engine.brand import Brand
from engine.errors import UsageError
from engine.report.assets import TEMPLATES
from engine.report.look import A4, LETTER, look
from engine.report.write import rendering_stack, templates_digest


@pytest.mark.parametrize(
    "wrong",
    [
        {"primary": "navy"},
        {"primary": "#123"},
        {"accent": "#12345g"},
        {"accent": "#123456; } body { display: none"},
        {"logo": "../logo.svg"},
        {"logo": "/etc/logo.svg"},
        {"logo": "logo.html"},
        {"font": "..\\fonts"},
        {"name": ""},
        {"colour": "#123456"},
    ],
)
def test_a_brand_that_cannot_be_followed_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Brand.model_validate(wrong)


def test_a_named_file_must_be_in_the_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"logo\.svg"):
        Brand(logo="logo.svg").files(tmp_path)
    with pytest.raises(UsageError, match=r"logo\.svg"):
        Brand(logo="logo.svg").files(None)
    (tmp_path / "logo.svg").write_text("<svg/>")
    assert Brand(logo="logo.svg").files(tmp_path) == (tmp_path.resolve() / "logo.svg",)


def test_a_brand_may_bring_its_own_typeface(tmp_path: Path) -> None:
    folder = tmp_path / "type"
    folder.mkdir()
    shipped = TEMPLATES / "fonts" / "Inter-Regular.ttf"
    (folder / "House-Regular.ttf").write_bytes(shipped.read_bytes())
    found = look(Brand(font="type"), tmp_path)
    assert {face.address.rpartition("/")[2] for face in found.faces} == {"House-Regular.ttf"}
    assert found.typeface.width("MRR", 10, 600) == look(Brand(), None).typeface.width("MRR", 10)


def test_a_typeface_without_static_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "type").mkdir()
    with pytest.raises(UsageError, match="no font file"):
        look(Brand(font="type"), tmp_path)


def test_letter_holds_as_much_text_as_a4() -> None:
    """So that pages break alike on both; the margins take the difference."""
    assert LETTER.measure == A4.measure
    assert LETTER.live_height == A4.live_height
    for paper in (A4, LETTER):
        assert min(paper.side, paper.top, paper.bottom) > 13


def test_the_licence_is_shipped_with_the_fonts() -> None:
    assert "SIL OPEN FONT LICENSE" in (TEMPLATES / "fonts" / "OFL.txt").read_text().upper()


def test_the_rendering_stack_is_known_without_rendering() -> None:
    stack = rendering_stack()
    assert set(stack) >= {"weasyprint", "pango", "harfbuzz", "fonts", "babel"}
    assert all(stack.values())
    assert stack == rendering_stack()
    assert len(templates_digest()) == 12
