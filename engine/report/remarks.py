"""What people wrote about a period, as their files hold it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Remarks:
    """One file of people's own words.

    Attributes:
        place: Its path as the workspace knows it, ``notes/2026Q3.md``.
        digest: SHA-256 of its bytes.
    """

    place: str
    text: str
    digest: str


@dataclass(frozen=True, slots=True)
class Commentary:
    """The words about the reported period, and those about the one before.

    Attributes:
        place: Where the words of the reported period should lie.
        now: None where there is no such file.
        before: The same of the period before; its actions are followed up.
    """

    place: str
    now: Remarks | None
    before: Remarks | None
