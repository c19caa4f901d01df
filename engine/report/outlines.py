"""The outlines of SVG paths, traced into a PDF: the letters of them that charts use."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from weasyprint.pdf.stream import Stream

_STEP = re.compile(r"([A-Za-z])([^A-Za-z]*)")
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")

#: How many numbers each letter takes at a time.
_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "Z": 0}


def traced(stream: "Stream", outline: str) -> None:
    """Move, draw and curve along the outline; a small letter counts from where the last step ended.

    Raises:
        ValueError: It holds a letter that no chart writes, such as an arc.
    """
    x = y = start_x = start_y = 0.0
    for letter, numbers in _STEP.findall(outline):
        kind, is_near = letter.upper(), letter.islower()
        if kind not in _TAKES:
            raise ValueError(f"no outline holds a step {letter}")
        values = [float(each) for each in _NUMBER.findall(numbers)]
        for step in _steps(values, _TAKES[kind]):
            from_x, from_y = (x, y) if is_near else (0.0, 0.0)
            match kind:
                case "Z":
                    stream.close()
                    x, y = start_x, start_y
                case "H":
                    x = from_x + step[0]
                    stream.line_to(x, y)
                case "V":
                    y = from_y + step[0]
                    stream.line_to(x, y)
                case "C":
                    points = [each + (from_y if at % 2 else from_x) for at, each in enumerate(step)]
                    stream.curve_to(*points)
                    x, y = points[4:]
                case _:
                    x, y = from_x + step[0], from_y + step[1]
                    if kind == "M":
                        stream.move_to(x, y)
                        start_x, start_y = x, y
                    else:
                        stream.line_to(x, y)


def _steps(values: list[float], takes: int) -> list[list[float]]:
    if not takes:
        return [[]]
    return [values[at : at + takes] for at in range(0, len(values), takes)]
