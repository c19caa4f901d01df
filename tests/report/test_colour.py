from math import dist

import pytest

from engine.brand import Brand
from engine.report.colour import WHITE, colour_of, contrast, oklch, readable
from engine.report.palette import BAD, GOOD, palette

BRANDS = ("#12324f", "#ffd400", "#e8590c", "#111111", "#c4cdd5", "#00a36c", "#7a1fa2", "#ffffff")

#: How colours look to people without red, green or blue cones (Machado and others, 2009).
BLINDNESS = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def test_contrast_is_that_of_the_web_guidelines() -> None:
    """Black on white is 21; #767676 is the lightest grey that passes 4.5 on white."""
    assert contrast("#000000", WHITE) == pytest.approx(21)
    assert contrast("#767676", WHITE) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("colour", BRANDS)
def test_a_colour_survives_the_way_to_oklch_and_back(colour: str) -> None:
    assert colour_of(*oklch(colour)) == colour


@pytest.mark.parametrize("kind", BLINDNESS)
def test_good_and_bad_are_told_apart_without_some_cones(kind: str) -> None:
    seen = [_seen(colour, BLINDNESS[kind]) for colour in (GOOD, BAD)]
    assert dist(*seen) > 0.2


@pytest.mark.parametrize("primary", BRANDS)
@pytest.mark.parametrize("accent", ["#d8a03a", "#000000", "#ffff00"])
def test_every_text_colour_is_readable_on_its_ground(primary: str, accent: str) -> None:
    colours = palette(Brand(primary=primary, accent=accent))
    on_paper = (colours.ink, colours.muted, colours.heading, colours.accent, colours.actual)
    for text in (*on_paper, colours.line, colours.good, colours.bad):
        assert contrast(text, WHITE) >= 4.5
    for text in (colours.on_cover, colours.on_cover_muted):
        assert contrast(text, colours.cover) >= 4.5
    assert contrast(colours.muted, colours.wash) >= 4.5
    assert contrast(colours.cover_line, colours.cover) >= 3


@pytest.mark.parametrize("primary", BRANDS)
def test_actual_figures_are_darker_than_earlier_ones(primary: str) -> None:
    colours = palette(Brand(primary=primary))
    assert contrast(colours.actual, colours.previous) > 2.5
    assert len(set(colours.series)) == len(colours.series)


def test_readable_leaves_alone_what_is_readable() -> None:
    assert readable("#12324f", WHITE, 4.5) == "#12324f"


def _seen(colour: str, matrix: tuple[tuple[float, ...], ...]) -> tuple[float, float, float]:
    """Oklab of the colour as it looks through the matrix."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [((c + 0.055) / 1.055) ** 2.4 if c > 0.04045 else c / 12.92 for c in channels]
    rgb = [max(sum(m * c for m, c in zip(row, linear, strict=True)), 0) for row in matrix]
    to_cones = (
        (0.4122214708, 0.5363325363, 0.0514459929),
        (0.2119034982, 0.6806995451, 0.1073969566),
        (0.0883024619, 0.2817188376, 0.6299787005),
    )
    cones = [sum(m * c for m, c in zip(row, rgb, strict=True)) ** (1 / 3) for row in to_cones]
    to_lab = (
        (0.2104542553, 0.7936177850, -0.0040720468),
        (1.9779984951, -2.4285922050, 0.4505937099),
        (0.0259040371, 0.7827717662, -0.8086757660),
    )
    lightness, a, b = (sum(m * c for m, c in zip(row, cones, strict=True)) for row in to_lab)
    return lightness, a, b
