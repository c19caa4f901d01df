"""How a company's pages are signed: name, colours, logo, typeface, confidentiality line."""

import re
from pathlib import Path, PurePosixPath
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from engine.errors import UsageError

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
FONT_SUFFIXES = frozenset({".ttf", ".otf"})
LOGO_SUFFIXES = frozenset({".svg", ".png"})


def _colour(value: str) -> str:
    if not _COLOUR.fullmatch(value):
        raise ValueError("write a colour as six hex digits, such as `#12355b`")
    return value.lower()


def _inside(value: str) -> str:
    path = PurePosixPath(value)
    if path.is_absolute() or ".." in path.parts or "\\" in value:
        raise ValueError("write a path inside the brand folder, such as `logo.svg`")
    return value


def _logo(value: str) -> str:
    if value and PurePosixPath(value).suffix.lower() not in LOGO_SUFFIXES:
        raise ValueError("a logo is an SVG or PNG file")
    return _inside(value)


Colour = Annotated[str, AfterValidator(_colour)]
Logo = Annotated[str, AfterValidator(_logo)]
Folder = Annotated[str, AfterValidator(_inside)]


class Brand(BaseModel):
    """``[brand]``: two colours carry a whole pack; everything else is derived from them.

    Attributes:
        name: The company, as the cover and every page name it.
        primary: Colour of the cover and of actual figures.
        accent: Colour of the cover's one bright line and of small marks.
        logo: SVG or PNG in the brand folder, for light ground; empty: the name is set in type.
        logo_on_dark: The same for dark ground; empty: the name is set in type there.
        font: Folder in the brand folder with static TTF or OTF files named ``…-Regular``,
            ``…-Medium``, ``…-SemiBold``, ``…-Bold``; empty: Inter, which is shipped.
        fallback: Folder in the brand folder with TTF or OTF files for names in scripts that the
            face lacks, tried in the order of their names; empty: none.
        confidentiality: Printed at the foot of every page; empty prints nothing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str = Field(default="Quarterdeck", min_length=1, max_length=120)
    primary: Colour = "#12324f"
    accent: Colour = "#d8a03a"
    logo: Logo = ""
    logo_on_dark: Logo = ""
    font: Folder = ""
    fallback: Folder = ""
    confidentiality: str = Field(default="Confidential", max_length=160)

    def files(self, folder: Path | None) -> tuple[Path, ...]:
        """Every file that the brand draws with, sorted; part of what a run depends on.

        Raises:
            UsageError: One that is named is not there, or lies outside the folder.
        """
        named = [name for name in (self.logo, self.logo_on_dark) if name]
        found = [_existing(folder, name) for name in named]
        for name in filter(None, (self.font, self.fallback)):
            found += font_files(_existing(folder, name))
        return tuple(sorted(set(found)))

    def fallbacks(self, folder: Path | None) -> tuple[Path, ...]:
        """The font files for other scripts, in order; raises as ``files``."""
        return font_files(_existing(folder, self.fallback)) if self.fallback else ()


def font_files(folder: Path) -> tuple[Path, ...]:
    """The font files in a folder, by name."""
    return tuple(each for each in sorted(folder.iterdir()) if each.suffix.lower() in FONT_SUFFIXES)


def _existing(folder: Path | None, name: str) -> Path:
    """The path of a named file or folder of the brand, symbolic links followed."""
    root = folder.resolve() if folder else Path()
    path = (root / name).resolve()
    if folder is None or not path.exists() or not path.is_relative_to(root):
        raise UsageError(
            "brand-file",
            f"the brand names `{name}`, and there is no such file in its folder",
            where=str(folder or "no brand folder"),
            hint="put the file there, or take the name out of [brand]",
        )
    return path
