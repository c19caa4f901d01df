"""The style sheet of a pack: the templates' files as one, with its colours and lengths in place.

The files name them as ``var(--ink)``. A renderer works such a name out for each property of each
element and asks every sheet about every element, so both are settled here, once.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache

from engine.errors import EngineError
from engine.report.assets import TEMPLATES
from engine.report.heat import grounds
from engine.report.look import TEXT_WIDTH, Look

#: Where two rules weigh the same, the later file's holds.
_FILES = (
    "page",
    "type",
    "parts",
    "contents",
    "strips",
    "cohorts",
    "mix",
    "summary",
    "words",
)
#: Millimetres between the blocks of a pair.
GAP = 8.0

_NAME = re.compile(r"var\(--([a-z-]+)\)")


def stylesheet(look: Look) -> str:
    """The rules for the look; an EngineError where they name a variable that there is none of."""
    known = _variables(look)

    def value(name: re.Match[str]) -> str:
        if name[1] not in known:
            raise EngineError("style", f"no variable of the style sheet is called --{name[1]}")
        return known[name[1]]

    return _NAME.sub(value, _rules()) + "\n".join(
        f".ground-{ground.removeprefix('#')} {{ background: {ground} }}"
        for ground in grounds(look.palette)
    )


@lru_cache(maxsize=1)
def _rules() -> str:
    """All files, one after the other."""
    folder = TEMPLATES / "css"
    return "\n".join((folder / f"{name}.css").read_text(encoding="utf-8") for name in _FILES)


def _variables(look: Look) -> Mapping[str, str]:
    """What the files may name: every colour of the palette, and the paper's lengths."""
    paper = look.paper
    lengths = {
        "margin-side": paper.side,
        "paper-width": paper.width,
        "paper-height": paper.height,
        "cover-height": paper.height - 0.5,
        "pair-left": round((TEXT_WIDTH - GAP) * 1.62 / 2.62, 3),
    }
    colours = {
        name.replace("_", "-"): value
        for name, value in asdict(look.palette).items()
        if isinstance(value, str)
    }
    return colours | {name: f"{length}mm" for name, length in lengths.items()}
