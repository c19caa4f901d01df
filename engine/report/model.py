"""A report as a value: every text finished, nothing drawn yet.

Numbers became text once, on the way in; a cell keeps the number that it was made of, so that
the workbook and the tests can go back to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.report.blocks import Block, Term
from engine.report.look import Look


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter that starts a page: a headline that states the finding, then blocks."""

    anchor: str
    name: str
    headline: str
    lead: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Cover:
    """The first page."""

    title: str
    period: str
    dates: str
    facts: tuple[Term, ...]
    art: str
    logo: str
    is_dark: bool


@dataclass(frozen=True, slots=True)
class Report:
    """A whole pack.

    Attributes:
        created: The as-of date as PDF metadata takes it; no clock is read.
        footer: Fingerprints, at the foot of every page.
        within: What the whole pack is limited to, in words; empty for the company.
        left_out: Titles of sections that could not be made, with the reason.
    """

    title: str
    company: str
    period: str
    description: str
    created: str
    confidentiality: str
    footer: str
    generator: str
    look: Look
    cover: Cover
    sections: tuple[Section, ...]
    left_out: Mapping[str, str]
    within: str = ""
