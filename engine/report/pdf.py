"""HTML to PDF/UA-1 and PDF/A-3a, the same bytes each time; a warning on the way is a failure."""

import gc
import logging
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from engine.errors import EngineError, EnvironmentFault
from engine.report.assets import BASE, roots

if TYPE_CHECKING:
    from weasyprint import Attachment

_LOGGERS = ("weasyprint", "fontTools")

#: How WeasyPrint says that it drew an empty box for a character.
_NO_GLYPH = ".notdef glyph rendered for Unicode string unsupported by fonts:"


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file to lie inside the PDF; ``about`` says what it is."""

    name: str
    about: str
    content: bytes


def pdf(
    markup: str,
    *,
    brand_folder: Path | None = None,
    enclosures: Sequence[Enclosure] = (),
    dated: date = date(2000, 1, 1),
    places: Mapping[str, str] = MappingProxyType({}),
) -> bytes:
    """The document as a tagged PDF; its dates are those in the markup's head.

    Args:
        markup: Well-formed HTML.
        brand_folder: Where its logos and fonts lie, besides those of the templates.
        enclosures: Files to put inside.
        dated: Their date, as no clock is read.
        places: Anchor → name, as links to it are read out.

    Raises:
        EngineError: The page refers to a file outside the templates and the brand's folder, or
            the renderer warned about something, which would leave a page other than meant.
    """
    from weasyprint.urls import FatalURLFetchingError

    from engine.report.archive import finisher
    from engine.report.fetcher import AssetFetcher
    from engine.report.xhtml import document

    fetcher = AssetFetcher(roots(brand_folder))
    with _warnings() as warnings, _uncollected():
        try:
            page = document(markup, f"{BASE}templates/", fetcher)
            written = page.write_pdf(
                pdf_variant="pdf/a-3a",
                attachments=[_attachment(each, dated) for each in enclosures],
                finisher=finisher(places),
            )
        except FatalURLFetchingError as error:
            raise _blocked(error) from error
    if lacking := [each for each in warnings if each.startswith(_NO_GLYPH)]:
        raise _unset(lacking)
    if warnings:
        raise EngineError(
            "render-warning",
            "the renderer warned, so the pages may not be what they should be",
            where="; ".join(dict.fromkeys(warnings))[:600],
        )
    return written or b""


def _unset(warnings: Sequence[str]) -> EnvironmentFault:
    characters = dict.fromkeys(each.partition(_NO_GLYPH)[2].strip() for each in warnings)
    return EnvironmentFault(
        "missing-glyph",
        f"no font here can set {', '.join(list(characters)[:12])}",
        note="a name that cannot be read whole is not printed",
        hint="put a TTF or OTF file that can into a folder of the brand folder, "
        "and name that folder as `fallback` under [brand]",
    )


def _attachment(file: Enclosure, dated: date) -> "Attachment":
    from weasyprint import Attachment

    time = datetime.combine(dated, datetime.min.time())
    return Attachment(
        file_obj=BytesIO(file.content),
        name=file.name,
        description=file.about,
        created=time,
        modified=time,
        relationship="Data",
    )


def _blocked(error: BaseException) -> EngineError:
    return EngineError(
        "asset-blocked",
        "a page refers to something outside the templates and the brand’s folder",
        where=str(error),
        hint="a logo must hold its own drawing, without links to other files",
    )


class _Collector(logging.Handler):
    """Keeps what is logged at warning level or above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def _warnings() -> Generator[list[str]]:
    """What the renderer and its font library warn about meanwhile."""
    collector = _Collector()
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    for logger in loggers:
        logger.addHandler(collector)
    try:
        yield collector.messages
    finally:
        for logger in loggers:
            logger.removeHandler(collector)


@contextmanager
def _uncollected() -> Generator[None]:
    """Leaves cycles alone meanwhile: looking for them among boxes costs a tenth of a page."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
