"""``[[packs]]``: what one report holds, and for whom."""

from typing import Annotated

from pydantic import Field

from engine.settings.base import Table

PackName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]


class Pack(Table):
    """One report.

    Attributes:
        dimension: What its pages are cut by.
    """

    name: PackName
    title: str = "Quarterly business review"
    dimension: str = "segment"
