"""How wide text will be, from the font's own advance widths, so that labels can be placed.

Kerning is left out, so a width is at most a little too large. A character that the font lacks
will come from another one; it is taken as one em wide, which no script's letters exceed much.
"""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportAttributeAccessIssue=false
# fontTools has no types for what is inside a font's tables.

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import bidirectional, category

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

ELLIPSIS = "…"
RIGHT_TO_LEFT = "\u200f"

#: They turn what stands beside them and leave no mark.
_MARKS: tuple[str, ...] = ("\u200e", RIGHT_TO_LEFT)


@dataclass(frozen=True, slots=True)
class Typeface:
    """A family's static files by weight: 400, 500, 600, 700; and files for other scripts."""

    files: tuple[tuple[int, Path], ...]
    fallbacks: tuple[Path, ...] = ()

    def width(self, text: str, size: float, weight: int = 400, *, tabular: bool = False) -> float:
        """Width of the text in the unit of ``size``."""
        advances = self._advances(weight, tabular=tabular)
        return size * sum(advances.get(each, 1.0) for each in text)

    def fitted(self, text: str, width: float, size: float, weight: int = 400) -> str:
        """The text, or as much of it as fits before an ellipsis, which ends it in its direction."""
        if self.width(text, size, weight) <= width:
            return text
        kept = text
        while kept and self.width(kept + ELLIPSIS, size, weight) > width:
            kept = kept[:-1].rstrip()
        is_leftward = bool(kept) and bidirectional(kept[-1]) in {"R", "AL"}
        return kept + ELLIPSIS + (RIGHT_TO_LEFT if is_leftward else "")

    def lines(
        self, text: str, width: float, size: float, weight: int = 400, most: int = 2
    ) -> tuple[str, ...]:
        """The text broken at spaces into at most so many lines; the last one may be cut."""
        lines = [""]
        for word in text.split():
            longer = f"{lines[-1]} {word}".strip()
            if not lines[-1] or self.width(longer, size, weight) <= width:
                lines[-1] = longer
            else:
                lines.append(word)
        if len(lines) > most:
            lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
        return tuple(self.fitted(line, width, size, weight) for line in lines)

    def lacking(self, text: str) -> tuple[str, ...]:
        """Characters of the text that none of the files can set, each once, in their order."""
        known = _reach(self.files[0][1], self.fallbacks, tabular=False)
        return tuple(each for each in dict.fromkeys(text) if each not in known and _shows(each))

    def _advances(self, weight: int, *, tabular: bool) -> Mapping[str, float]:
        nearest = min(self.files, key=lambda file: (abs(file[0] - weight), -file[0]))
        return _reach(nearest[1], self.fallbacks, tabular=tabular)


def _shows(character: str) -> bool:
    """Whether it leaves a mark: not a space, nor one that only steers those around it."""
    return not character.isspace() and category(character) not in {"Cf", "Mn"}


@lru_cache(maxsize=32)
def _reach(path: Path, fallbacks: tuple[Path, ...], *, tabular: bool) -> Mapping[str, float]:
    """Advance widths of all characters that the file can set, and after it the others."""
    others = [_advances(each, tabular=False) for each in reversed(fallbacks)]
    reach: dict[str, float] = dict.fromkeys(_MARKS, 0.0)
    for each in (*others, _advances(path, tabular=tabular)):
        reach.update(each)
    return reach


def widest(
    face: Typeface, texts: Sequence[str], size: float, weight: int = 400, *, tabular: bool = False
) -> float:
    """Width of the widest text; 0 if there is none."""
    return max((face.width(text, size, weight, tabular=tabular) for text in texts), default=0.0)


@lru_cache(maxsize=32)
def _advances(path: Path, *, tabular: bool) -> Mapping[str, float]:
    """Advance width in ems of every character in the font file."""
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True) as font:
        units = font["head"].unitsPerEm
        metrics = font["hmtx"].metrics
        swaps = _tabular_glyphs(font) if tabular else {}
        return {
            chr(code): metrics[swaps.get(glyph, glyph)][0] / units
            for code, glyph in (font.getBestCmap() or {}).items()
        }


def _tabular_glyphs(font: "TTFont") -> Mapping[str, str]:
    """Which glyph stands for which when figures are set in columns."""
    if "GSUB" not in font:
        return {}
    table = font["GSUB"].table
    features = [each for each in table.FeatureList.FeatureRecord if each.FeatureTag == "tnum"]
    lookups = {index for each in features for index in each.Feature.LookupListIndex}
    swaps: dict[str, str] = {}
    for index in sorted(lookups):
        for part in table.LookupList.Lookup[index].SubTable:
            swaps.update(getattr(getattr(part, "ExtSubTable", part), "mapping", {}))
    return swaps
