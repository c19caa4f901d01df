"""Colours as people see them: contrast (WCAG 2.2) and lightness, chroma and hue (Oklch).

A colour is text, ``#rrggbb``. Oklch is Björn Ottosson's (bottosson.github.io/posts/oklab).
"""

from math import atan2, cbrt, cos, dist, hypot, sin

WHITE = "#ffffff"


def contrast(one: str, other: str) -> float:
    """From 1 to 21; text needs 4.5 on its ground, a filled shape 3."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance, 0 (black) to 1 (white)."""
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def oklch(colour: str) -> tuple[float, float, float]:
    """Lightness (0 to 1), chroma (0 to about 0.3) and hue (radians)."""
    lightness, a, b = _oklab(colour)
    return lightness, hypot(a, b), atan2(b, a)


def colour_of(lightness: float, chroma: float, hue: float) -> str:
    """The colour with that lightness and hue, its chroma lowered until a screen can show it."""
    for step in range(51):
        reduced = chroma * (1 - step / 50)
        parts = _rgb(lightness, reduced * cos(hue), reduced * sin(hue))
        if all(-0.002 <= part <= 1.002 for part in parts):
            return "#" + "".join(f"{round(255 * _gamma(part)):02x}" for part in parts)
    return WHITE if lightness > 0.5 else "#000000"


def difference(one: str, other: str) -> float:
    """Distance in Oklab; below about 0.1 two fills are hard to tell apart."""
    return dist(_oklab(one), _oklab(other))


def readable(colour: str, ground: str, ratio: float) -> str:
    """The colour, its lightness moved away from the ground's until the contrast is reached."""
    lightness, chroma, hue = oklch(colour)
    step = -0.01 if luminance(ground) > 0.18 else 0.01
    while contrast(colour, ground) < ratio and 0 <= lightness + step <= 1:
        lightness += step
        colour = colour_of(lightness, chroma, hue)
    return colour


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _linear(colour: str) -> tuple[float, float, float]:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in _channels(colour))
    )
    return red, green, blue


def _gamma(part: float) -> float:
    part = min(max(part, 0.0), 1.0)
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def _oklab(colour: str) -> tuple[float, float, float]:
    red, green, blue = _linear(colour)
    long = cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def _rgb(lightness: float, a: float, b: float) -> tuple[float, float, float]:
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
