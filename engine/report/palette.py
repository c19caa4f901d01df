"""Every colour of a pack, derived from the brand's two; contrast is kept whatever they are."""

from dataclasses import dataclass

from engine.brand import Brand
from engine.report.colour import WHITE, colour_of, contrast, difference, oklch, readable

#: Better and worse for the business. Told apart under each kind of colour blindness (at least
#: 0.2 in Oklab under Machado's 2009 simulations; red and green fall to 0.04), and dark enough
#: for text. The same in every pack, so that a reader of several learns it once.
GOOD, BAD = "#1f6fb2", "#b8480f"

_TEXT, _SHAPE = 4.5, 3.0

#: Oklab distance from which a colour is not taken for another; chroma below which it is grey.
_APART, _GREY = 0.14, 0.02


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours by what they are for.

    Attributes:
        ink: Text on paper.
        muted: Secondary text on paper.
        faint: Axis lines and marks that carry no value.
        rule: Hairlines.
        wash: Ground of notes and of the reported period in charts.
        cover: Ground of the cover.
        on_cover: Text on it.
        on_cover_muted: Secondary text on it.
        cover_ramp: Fills of the cover's art, from far to near.
        cover_line: The art's bright line.
        heading: Headlines on paper.
        accent: Small marks on paper.
        actual: Actual figures (IBCS: solid and dark).
        previous: Earlier periods (IBCS: the same, lighter).
        line: Lines and points of trends.
        tint: Areas under lines, bars behind text.
        series: Parts of a whole, strongest first; each is told from the next by lightness.
    """

    ink: str
    muted: str
    faint: str
    rule: str
    wash: str
    cover: str
    on_cover: str
    on_cover_muted: str
    cover_ramp: tuple[str, ...]
    cover_line: str
    heading: str
    accent: str
    actual: str
    previous: str
    line: str
    tint: str
    series: tuple[str, ...]
    good: str = GOOD
    bad: str = BAD


def palette(brand: Brand) -> Palette:
    """The brand's palette."""
    _, chroma, hue = oklch(brand.primary)
    on_cover = WHITE if contrast(WHITE, brand.primary) >= _TEXT else _neutral(0.2, hue)
    return Palette(
        ink=_neutral(0.24, hue),
        muted=readable(_neutral(0.5, hue), WHITE, 5.4),
        faint=_neutral(0.7, hue),
        rule=_neutral(0.885, hue),
        wash=colour_of(0.968, min(chroma, 0.008), hue),
        cover=brand.primary,
        on_cover=on_cover,
        on_cover_muted=_quieter(on_cover, brand.primary),
        cover_ramp=_ramp(brand.primary),
        cover_line=readable(brand.accent, brand.primary, _SHAPE),
        heading=_told_from_bad(readable(brand.primary, WHITE, 7)),
        accent=readable(brand.accent, WHITE, _TEXT),
        actual=_told_from_bad(readable(brand.primary, WHITE, 6)),
        previous=colour_of(0.78, min(chroma, 0.05), hue),
        line=_line(brand.primary),
        tint=colour_of(0.93, min(chroma, 0.028), hue),
        series=tuple(colour_of(each, min(chroma, 0.1), hue) for each in (0.33, 0.62, 0.84)),
    )


def _told_from_bad(colour: str) -> str:
    """The colour; one that could be taken for a bad movement becomes dark and dull instead."""
    if difference(colour, BAD) >= _APART:
        return colour
    _, chroma, hue = oklch(colour)
    return colour_of(0.32, min(chroma, 0.06), hue)


def _line(primary: str) -> str:
    """Of middling lightness, so that it stands beside the dark of actual figures."""
    _, chroma, hue = oklch(primary)
    if chroma <= _GREY:
        return _neutral(0.5, hue)
    colour = readable(colour_of(0.55, min(max(chroma, 0.09), 0.13), hue), WHITE, _TEXT)
    return colour if difference(colour, BAD) >= _APART else colour_of(0.48, 0.04, hue)


def _neutral(lightness: float, hue: float) -> str:
    """A grey with a breath of the brand's hue."""
    return colour_of(lightness, 0.014, hue)


def _quieter(text: str, ground: str) -> str:
    """A quieter colour for text on this ground, still readable."""
    lightness, chroma, hue = oklch(ground)
    quiet = 0.86 if text == WHITE else 0.3
    shade = min(chroma, 0.04) if lightness < 0.9 else 0.02
    return readable(colour_of(quiet, shade, hue), ground, _TEXT)


def _ramp(primary: str) -> tuple[str, ...]:
    """Six fills that step away from the cover's ground: lighter from a dark one, else darker."""
    lightness, chroma, hue = oklch(primary)
    is_dark = lightness < 0.6
    step, strength = (0.04, min(chroma * 1.35, 0.12)) if is_dark else (-0.045, chroma)
    return tuple(colour_of(_clamp(lightness + step * n), strength, hue) for n in range(1, 7))


def _clamp(lightness: float) -> float:
    return min(max(lightness, 0.05), 0.98)
