"""The report as HTML that is also well-formed XML."""

from functools import lru_cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from engine.report.assets import TEMPLATES
from engine.report.markup import printable
from engine.report.model import Report
from engine.report.stylesheet import stylesheet


def html(report: Report) -> str:
    """The whole document, every text in it escaped; an unknown name in a template is an error."""
    template = _environment().get_template("report.html.j2")
    return template.render(report=report, rules=stylesheet(report.look))


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
