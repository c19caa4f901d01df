"""``[[packs]]``: what one report holds, and for whom."""

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from engine.settings.address import Addresses, AddressesByGroup
from engine.settings.base import Table
from engine.settings.schedule import Schedule

PackName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]


def _told_apart(names: tuple[str, ...]) -> tuple[str, ...]:
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"named twice: {', '.join(twice)}")
    return names


Names = Annotated[tuple[str, ...], AfterValidator(_told_apart)]
_PLACEHOLDER = re.compile(r"\{(?:period|pack|group)\}")


def _within(place: str) -> str:
    """A path that stays in the workspace's folder, whatever its placeholders become."""
    parts = place.split("/")
    if place.startswith("/") or ".." in parts or any(each in place for each in "\\:\0\n\r"):
        raise ValueError("write a path within the workspace, such as `notes/{period}.md`")
    if any(each in _PLACEHOLDER.sub("", place) for each in "{}"):
        raise ValueError("only {period}, {pack} and {group} are filled in")
    return place


Inside = Annotated[str, AfterValidator(_within)]


class Pack(Table):
    """One report.

    Attributes:
        audience: Whom it is for, as the cover says it.
        sections: Keys of chapters in order; empty takes all that there are.
        dimensions: What its chapters are cut by; the first leads.
        filters: Dimension → the one value that the whole pack is limited to.
        locale: Of its numbers and dates; empty takes the workspace's.
        brand: One of ``[brands.NAME]``; empty takes ``[brand]``.
        burst_by: A dimension; each of its values gets a pack of its own.
        commentary: File of people's own words about the period, in the workspace's folder;
            ``{period}``, ``{pack}`` and ``{group}`` in it are filled in.
        schedule: When it is due; None makes it by hand alone.
        recipients: Who gets it.
        recipients_by: Value of the dimension that it is burst by → who gets that one's pack.
        review: Who sees a scheduled pack first; the others get it once it is released.
    """

    name: PackName
    title: str = "Quarterly business review"
    audience: str = ""
    sections: Names = Field(default=(), strict=False)
    dimensions: Names = Field(default=("segment",), min_length=1, strict=False)
    filters: dict[str, str] = Field(default_factory=dict)
    paper: Literal["A4", "letter"] = "A4"
    locale: str = ""
    brand: str = ""
    burst_by: str = ""
    commentary: Inside = ""
    schedule: Schedule | None = None
    recipients: Addresses = ()
    recipients_by: AddressesByGroup = Field(default_factory=dict)
    review: Addresses = ()

    @model_validator(mode="after")
    def _burst_over_what_it_holds(self) -> Self:
        if self.burst_by in self.filters:
            raise ValueError(f"`burst_by` and `filters` both name `{self.burst_by}`")
        fixed = {*self.filters, self.burst_by}.intersection(self.dimensions)
        if fixed:
            raise ValueError(f"all of the pack has one {min(fixed)}: cut it by another")
        if "{group}" in self.commentary and not self.burst_by:
            raise ValueError("`commentary` has a {group}, but the pack is not burst by anything")
        return self


#: Fields that say when and to whom, and have no part in the pages.
DELIVERY_FIELDS = ("schedule", "recipients", "recipients_by", "review")
