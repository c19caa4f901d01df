"""What a pack looks like: paper, palette and typefaces, made from the brand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from engine.brand import Brand
from engine.errors import UsageError
from engine.report.assets import TEMPLATES, brand_address, template_address
from engine.report.palette import Palette, palette
from engine.report.typeface import Typeface

WEIGHTS = {"regular": 400, "medium": 500, "semibold": 600, "bold": 700}
POINTS_PER_MM = 72 / 25.4

#: Millimetres that hold the text on any paper, so that a page breaks alike on all.
TEXT_WIDTH, TEXT_HEIGHT = 174.0, 248.0


@dataclass(frozen=True, slots=True)
class Paper:
    """A page's size in millimetres; ``top`` is the margin that the running head stands in."""

    name: str
    width: float
    height: float
    top: float

    @property
    def side(self) -> float:
        """The margin left and right."""
        return round((self.width - TEXT_WIDTH) / 2, 3)

    @property
    def bottom(self) -> float:
        """The margin that the foot stands in."""
        return round(self.height - TEXT_HEIGHT - self.top, 3)

    @property
    def measure(self) -> float:
        """Width between the margins, in points."""
        return round(TEXT_WIDTH * POINTS_PER_MM, 1)

    @property
    def live_height(self) -> float:
        """Height between the running head and foot, in points."""
        return round(TEXT_HEIGHT * POINTS_PER_MM, 1)


A4 = Paper("A4", 210, 297, 26)
LETTER = Paper("letter", 215.9, 279.4, 17.4)
PAPERS = {"A4": A4, "letter": LETTER}


@dataclass(frozen=True, slots=True)
class Face:
    """One font file as a style sheet names it."""

    family: str
    weight: int
    address: str
    is_tabular: bool = False
    is_italic: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """Everything that pages and charts are drawn with.

    Attributes:
        typeface: Measures what the text face sets.
        faces: Font files for the style sheet. Families: ``Pack Text``; ``Pack Display`` for
            headlines; ``Pack Figures``, which is the text face with figures of one width,
            as WeasyPrint knows no other way to have them inside an SVG.
        fallbacks: Files for scripts that the face lacks, each a family of its own.
    """

    paper: Paper
    palette: Palette
    typeface: Typeface
    faces: tuple[Face, ...]
    fallbacks: tuple[Face, ...] = ()


def look(brand: Brand, brand_folder: Path | None, paper: Paper = A4) -> Look:
    """The brand's look; raises UsageError if a file that it names is missing."""
    shipped = TEMPLATES / "fonts"
    text = _files(_font_folder(brand, brand_folder)) if brand.font else _files(shipped, "Inter-")
    display = text if brand.font else _files(shipped, "InterDisplay-")
    address = partial(_address, brand)
    faces = [
        *(Face("Pack Text", weight, address(path)) for weight, path in text.items()),
        *(Face("Pack Figures", weight, address(path), True) for weight, path in text.items()),
        *(Face("Pack Text", 400, address(path), is_italic=True) for path in _italics(text)),
        *(Face("Pack Display", weight, address(path)) for weight, path in display.items()),
    ]
    others = brand.fallbacks(brand_folder)
    typeface = Typeface(tuple(text.items()), others)
    return Look(paper, palette(brand), typeface, tuple(faces), _fallbacks(brand, others))


def _italics(upright: Mapping[int, Path]) -> tuple[Path, ...]:
    """The slanted file beside a family's upright ones, if it is there."""
    regular = upright[min(upright)]
    slanted = regular.with_name(f"{regular.stem.rpartition('-')[0]}-Italic{regular.suffix}")
    return (slanted,) if slanted.is_file() else ()


def _fallbacks(brand: Brand, files: Sequence[Path]) -> tuple[Face, ...]:
    return tuple(
        Face(f"Pack Other {at}", 400, brand_address(f"{brand.fallback}/{file.name}"))
        for at, file in enumerate(files, start=1)
    )


def _address(brand: Brand, path: Path) -> str:
    if brand.font:
        return brand_address(f"{brand.font}/{path.name}")
    return template_address(f"fonts/{path.name}")


def _font_folder(brand: Brand, brand_folder: Path | None) -> Path:
    brand.files(brand_folder)
    return (brand_folder or Path()) / brand.font


def _files(folder: Path, prefix: str = "") -> Mapping[int, Path]:
    """A family's upright files by weight; a regular one there must be."""
    files = {
        WEIGHTS[style]: path
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in {".ttf", ".otf"}
        and path.name.startswith(prefix)
        and (style := path.stem.rpartition("-")[2].lower()) in WEIGHTS
    }
    if not files:
        raise UsageError(
            "brand-font",
            f"no font file in {folder} is named `…-Regular`, `…-Medium`, `…-SemiBold` or `…-Bold`",
            hint="put static TTF or OTF files there (not a variable font, nor WOFF)",
        )
    return files
