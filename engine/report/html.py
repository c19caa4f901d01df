"""The report as HTML that is also well-formed XML."""

from dataclasses import asdict
from functools import lru_cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from engine.report.assets import TEMPLATES
from engine.report.markup import printable
from engine.report.model import Report
from engine.report.palette import Palette


def html(report: Report) -> str:
    """The whole document, every text in it escaped; an unknown name in a template is an error."""
    template = _environment().get_template("report.html.j2")
    return template.render(report=report, colours=_colours(report.look.palette))


@lru_cache(maxsize=1)
def _environment() -> Environment:
    """Templates reach what they are given and nothing behind it: no private name, no change."""
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalized,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _finalized(value: object) -> object:
    """Text from data without what XML cannot hold; our own markup as it is."""
    return printable(value) if type(value) is str else value


def _colours(palette: Palette) -> list[tuple[str, str]]:
    """The palette as names of CSS variables; every value is a hex colour."""
    return [
        (name.replace("_", "-"), value)
        for name, value in asdict(palette).items()
        if isinstance(value, str)
    ]
