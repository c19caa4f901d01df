"""What every table of the workspace file is."""

from pydantic import BaseModel, ConfigDict


class Table(BaseModel):
    """Keys of one table: fixed once read, none unknown, no value of another type."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
