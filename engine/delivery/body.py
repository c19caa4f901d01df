"""The words of a message: plain text, and HTML that every mail program draws."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from pydantic import BaseModel, BeforeValidator, ValidationError

import report_templates

_FOLDER = Path(report_templates.__file__).parent / "mail"
#: A mail program shows so much; Gmail clips a body above 102 kB.
_MOST_LINES, _LONGEST = 12, 600


def _line(text: str | None) -> str:
    """One readable line; empty for null."""
    line = " ".join((text or "").split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


Line = Annotated[str, BeforeValidator(_line)]


class Figure(BaseModel):
    """One headline number as readers see it."""

    label: Line
    value: Line
    change: Line = ""


class Summary(BaseModel):
    """What a run has to say in short; each part may be missing from its manifest."""

    headline: Line = ""
    kpis: tuple[Figure, ...] = ()
    findings: tuple[Line, ...] = ()

    @classmethod
    def of(cls, manifest: Mapping[str, object]) -> "Summary":
        """The manifest's summary, an empty one if it has none that can be read."""
        try:
            return cls.model_validate(manifest.get("summary") or {})
        except (ValidationError, AttributeError, TypeError):
            return cls()


@dataclass(frozen=True, slots=True)
class Body:
    """What a message says.

    Attributes:
        lead: Sentences before the figures: why the reader gets this.
        link: Where the files are, if they are not attached.
        footer: Run, snapshot and sender's terms, in small print.
        colour: A hex colour of the brand.
    """

    title: str
    company: str
    lead: Sequence[str]
    summary: Summary = field(default_factory=Summary)
    link: str = ""
    attached: Sequence[str] = ()
    footer: str = ""
    colour: str = "#0b3c5d"
    language: str = "en"


def plain(body: Body) -> str:
    """The text of those who read no HTML."""
    return _environment().get_template("message.txt.j2").render(body=body, most=_MOST_LINES)


def html(body: Body) -> str:
    """The HTML: everything inline, nothing fetched, every text escaped."""
    return _environment().get_template("message.html.j2").render(body=body, most=_MOST_LINES)


def _is_markup(template: str | None) -> bool:
    return template is not None and template.endswith(".html.j2")


@lru_cache(maxsize=1)
def _environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=_is_markup,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
