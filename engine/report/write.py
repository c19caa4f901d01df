"""What a report's bytes depend on besides its numbers, known without rendering anything."""

import ctypes
import hashlib
from collections.abc import Iterable, Mapping
from ctypes.util import find_library
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from engine.report.assets import TEMPLATES

_PACKAGES = (
    "weasyprint",
    "pydyf",
    "fonttools",
    "tinycss2",
    "cssselect2",
    "pillow",
    "babel",
    "jinja2",
)
_FONTS = TEMPLATES / "fonts"


def rendering_stack() -> Mapping[str, str]:
    """Versions of all that draws the pages, and a digest of the shipped fonts."""
    packages = {name: version(name) for name in _PACKAGES}
    libraries = {
        "pango": _version("pango-1.0", "pango_version_string"),
        "harfbuzz": _version("harfbuzz", "hb_version_string"),
        "fontconfig": _fontconfig(),
    }
    return {**packages, **libraries, "fonts": _digest(_FONTS.iterdir())}


@lru_cache(maxsize=1)
def templates_digest() -> str:
    """Twelve hex digits that change with any template, style or font of a report."""
    return _digest(each for each in TEMPLATES.rglob("*") if TEMPLATES / "mail" not in each.parents)


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(each for each in paths if each.is_file() and each.suffix != ".pyc"):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(TEMPLATES).as_posix()} {content}\n".encode())
    return digest.hexdigest()[:12]


def _library(name: str) -> ctypes.CDLL | None:
    found = find_library(name)
    return ctypes.CDLL(found) if found else None


def _version(name: str, function: str) -> str:
    """What the library says of itself; empty where there is none."""
    library = _library(name)
    if library is None:
        return ""
    ask = getattr(library, function)
    ask.restype = ctypes.c_char_p
    return ask().decode()


def _fontconfig() -> str:
    library = _library("fontconfig")
    if library is None:
        return ""
    number = library.FcGetVersion()
    return f"{number // 10000}.{number // 100 % 100}.{number % 100}"
