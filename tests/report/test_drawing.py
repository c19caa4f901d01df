"""Charts in the PDF: a text is one line, a shape is what its outline says."""

from collections.abc import Callable
from io import BytesIO

import pytest
from pypdf import PdfReader

from engine.brand import Brand
from engine.errors import EngineError
from engine.report.charts.canvas import Anchor, Canvas
from engine.report.look import look
from engine.report.outlines import traced
from engine.report.pdf import pdf

LOOK = look(Brand(), None)
STYLE = "".join(
    f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight}; '
    f"src: url({face.address}) }}"
    for face in LOOK.faces
    if not face.is_tabular
)


def drawn(draw: Callable[[Canvas], None]) -> PdfReader:
    canvas = Canvas(200, 60, LOOK)
    draw(canvas)
    head = f"<head><title>x</title><style>{STYLE}</style></head>"
    markup = f'<html lang="en">{head}<body><h1>x</h1>{canvas.svg("x")}</body></html>'
    return PdfReader(BytesIO(pdf(markup)))


def text(words: str, anchor: Anchor = "start") -> PdfReader:
    return drawn(lambda canvas: canvas.text((100, 30), words, anchor=anchor))


def content(reader: PdfReader) -> str:
    return reader.pages[0].get_contents().get_data().decode("latin-1")  # type: ignore[union-attr]


@pytest.mark.parametrize("anchor", ["start", "middle", "end"])
def test_a_text_is_drawn_as_one_line(anchor: Anchor) -> None:
    """The heading is one line of the page, the chart’s text the other; none is a form."""
    reader = text("Mid-market 111", anchor)
    assert content(reader).count("BT") == 2
    assert "Mid-market 111" in reader.pages[0].extract_text()
    assert not reader.pages[0]["/Resources"].get("/XObject")  # type: ignore[union-attr]


def test_where_a_text_is_anchored_is_where_it_ends() -> None:
    def start(anchor: Anchor) -> float:
        return float(content(text("MMMM", anchor)).split(" Tm")[-2].split()[-2])

    width = start("start") - start("end")
    assert width > 20
    assert start("start") - start("middle") == pytest.approx(width / 2, abs=0.01)


class Recorder:
    """What was asked of a page, in order."""

    def __init__(self) -> None:
        self.steps: list[tuple[object, ...]] = []

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *values: self.steps.append((name, *values))


def steps(outline: str) -> list[tuple[object, ...]]:
    recorder = Recorder()
    traced(recorder, outline)  # type: ignore[arg-type]
    return recorder.steps


def test_small_letters_count_from_where_the_last_step_ended() -> None:
    assert steps("M1 2L4 6l1 -1v3H0V9Zl1 1") == [
        ("move_to", 1, 2),
        ("line_to", 4, 6),
        ("line_to", 5, 5),
        ("line_to", 5, 8),
        ("line_to", 0, 8),
        ("line_to", 0, 9),
        ("close",),
        ("line_to", 2, 3),
    ]


def test_numbers_stand_close_as_charts_write_them() -> None:
    assert steps("M-1.5-2C0 0 1 1.5 2 .5") == [
        ("move_to", -1.5, -2),
        ("curve_to", 0, 0, 1, 1.5, 2, 0.5),
    ]
    assert steps("M1 1c1 2 3 4 5 6")[1] == ("curve_to", 2, 3, 4, 5, 6, 7)


def test_a_step_that_no_chart_takes_is_refused() -> None:
    with pytest.raises(ValueError, match="step A"):
        steps("M0 0A1 1 0 0 0 2 2")


def test_a_drawing_that_is_no_chart_is_refused() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><g/></svg>'
    with pytest.raises(EngineError) as failure:
        pdf(f'<html lang="en"><head><title>x</title></head><body>{svg}</body></html>')
    assert failure.value.reference == "drawing"
    assert failure.value.where == "g"
