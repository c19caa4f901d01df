"""Names that are cut still differ."""

from engine.brand import Brand
from engine.report.look import look
from engine.report.shortening import told_apart

FACE = look(Brand(), None).typeface


def cut(*names: str, width: float = 60.0) -> tuple[str, ...]:
    return told_apart(FACE, names, width, 8.0, 500)


def test_names_that_fit_stay_whole() -> None:
    assert cut("SMB", "Enterprise") == ("SMB", "Enterprise")


def test_a_long_name_alone_keeps_its_beginning() -> None:
    assert cut("SMB", "Manufacturing and logistics") == ("SMB", "Manufacturin…")


def test_names_that_begin_alike_keep_what_sets_them_apart() -> None:
    shown = cut("Segment number 25", "Segment number 31", "Segment number 6")
    assert shown == ("Segment n…25", "Segment n…31", "Segment nu…6")


def test_without_a_last_word_to_keep_the_last_letters_stay() -> None:
    first, second = cut("Elektrizitätenhauptwerk-Nord", "Elektrizitätenhauptwerk-Süd", width=70)
    assert first.startswith("Elek")
    assert first.endswith("Nord")
    assert second.endswith("Süd")


def test_an_ellipsis_stands_where_the_name_goes_on() -> None:
    """In a line from left to right a sign at the end of a Hebrew name would stand at its start."""
    assert cut("חברת הטכנולוגיה הישראלית")[0].endswith("…\u200f")
    assert cut("Manufacturing and logistics")[0].endswith("…")


def test_what_is_cut_fits() -> None:
    names = [f"Segment number {at} of the northern region" for at in range(1, 40)]
    for width in (30.0, 60.0, 90.0):
        for shown in told_apart(FACE, names, width, 8.0, 500):
            assert FACE.width(shown, 8.0, 500) <= width
