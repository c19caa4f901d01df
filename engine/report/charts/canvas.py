"""The sheet that a chart is drawn on."""

from collections.abc import Sequence
from typing import Literal

from engine.report.look import Look
from engine.report.markup import escaped
from engine.report.palette import Palette
from engine.report.tone import Tone
from engine.report.typeface import Typeface

Point = tuple[float, float]
Anchor = Literal["start", "middle", "end"]
SMALL, MEDIUM = 7.0, 8.0


def short(value: float) -> str:
    """A coordinate with at most two decimals."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


class Canvas:
    """Collects shapes; the last drawn lies on top."""

    def __init__(self, width: float, height: float, look: Look) -> None:
        """An empty sheet of that size in points."""
        self.width = width
        self.height = height
        self.look = look
        self._parts: list[str] = []

    @property
    def palette(self) -> Palette:
        """Colours by purpose."""
        return self.look.palette

    @property
    def typeface(self) -> Typeface:
        """Measures text."""
        return self.look.typeface

    def toned(self, tone: Tone, otherwise: str = "") -> str:
        """The colour of good or bad; for anything else the one given, or that of quiet text."""
        meaning = {Tone.GOOD: self.palette.good, Tone.BAD: self.palette.bad}
        return meaning.get(tone, otherwise or self.palette.muted)

    def line(self, start: Point, end: Point, colour: str, weight: float = 0.5) -> None:
        """A straight stroke."""
        self.stroke((start, end), colour, weight)

    def stroke(
        self, points: Sequence[Point], colour: str, weight: float, *, dashes: str = ""
    ) -> None:
        """Straight strokes from point to point."""
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        self._parts.append(
            f'<path d="{path(points)}" fill="none" stroke="{colour}" stroke-width="{short(weight)}"'
            f' stroke-linejoin="round" stroke-linecap="round"{dashed}/>'
        )

    def area(self, points: Sequence[Point], floor: float, colour: str) -> None:
        """The ground between the points and a level line."""
        corners = (*points, (points[-1][0], floor), (points[0][0], floor))
        self._parts.append(f'<path d="{path(corners)}Z" fill="{colour}"/>')

    def shape(self, outline: str, colour: str, *, stroke: str = "", weight: float = 0) -> None:
        """Any path, filled with the colour or, if that is empty, only stroked."""
        line = f' stroke="{stroke}" stroke-width="{short(weight)}"' if stroke else ""
        self._parts.append(f'<path d="{outline}" fill="{colour or "none"}"{line}/>')

    def bar(self, left: float, top: float, width: float, height: float, colour: str) -> None:
        """A filled rectangle; one without height still shows as a hairline."""
        self._parts.append(
            f'<rect x="{short(left)}" y="{short(top)}" width="{short(max(width, 0.6))}"'
            f' height="{short(max(height, 0.6))}" fill="{colour}"/>'
        )

    def frame(self, left: float, top: float, width: float, height: float, colour: str) -> None:
        """The outline of a rectangle, drawn within it."""
        self._parts.append(
            f'<rect x="{short(left + 0.4)}" y="{short(top + 0.4)}"'
            f' width="{short(max(width - 0.8, 0.1))}" height="{short(max(height - 0.8, 0.1))}"'
            f' fill="none" stroke="{colour}" stroke-width="0.8"/>'
        )

    def hatch(self, left: float, top: float, width: float, height: float, colour: str) -> None:
        """A rectangle filled with rising strokes, within its outline."""
        gap, strokes = 3.6, list[str]()
        for step in range(1, int((width + height) / gap) + 1):
            far = step * gap
            start = left + max(0.0, far - height), top + min(far, height)
            end = left + min(far, width), top + max(0.0, far - width)
            strokes.append(path((start, end)))
        if strokes:
            self.shape("".join(strokes), "", stroke=colour, weight=0.9)
        self.frame(left, top, width, height, colour)

    def dot(self, centre: Point, radius: float, colour: str) -> None:
        """A point on a line, set off from it by a thin ring of paper."""
        self._parts.append(
            f'<circle cx="{short(centre[0])}" cy="{short(centre[1])}" r="{short(radius)}"'
            f' fill="{colour}" stroke="#ffffff" stroke-width="1"/>'
        )

    def text(
        self,
        at: Point,
        text: str,
        *,
        colour: str = "",
        size: float = MEDIUM,
        weight: int = 400,
        anchor: Anchor = "start",
        figures: bool = False,
    ) -> None:
        """A line of text; ``at`` is where its baseline starts, has its middle, or ends."""
        attributes = [f'x="{short(at[0])}" y="{short(at[1])}"', f'font-size="{short(size)}"']
        attributes += [f'fill="{colour or self.palette.ink}"']
        attributes += [f'text-anchor="{anchor}"'] if anchor != "start" else []
        attributes += [f'font-weight="{weight}"'] if weight != 400 else []
        attributes += ['font-family="Pack Figures"'] if figures else []
        self._parts.append(f"<text {' '.join(attributes)}>{escaped(text)}</text>")

    def svg(self, description: str) -> str:
        """The whole drawing; the description is read out in its place, so it tells the numbers."""
        size = f'width="{short(self.width)}" height="{short(self.height)}"'
        families = ", ".join(("Pack Text", *(face.family for face in self.look.fallbacks)))
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {short(self.width)}'
            f' {short(self.height)}" {size} font-family="{families}">'
            f"<title>{escaped(description)}</title>{''.join(self._parts)}</svg>"
        )


def path(points: Sequence[Point]) -> str:
    """Straight lines from point to point."""
    return "M" + "L".join(f"{short(x)} {short(y)}" for x, y in points)
