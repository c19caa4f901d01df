"""Tables put aside: in memory while they are small, in files of this process once they are not.

A file holds a table as it is in memory, labels as numbers that only this process understands, so
to read it is no more than to map it. The files go when the shelf does: it has to outlive what is
read from it.
"""

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from weakref import finalize

import polars as pl

from engine.errors import EnvironmentFault
from engine.files import beside

#: Labels, whose numbers are the process's own.
_LABEL = pl.Categorical()


@dataclass(frozen=True, slots=True)
class Held:
    """Tables of one shape, put aside one by one.

    Attributes:
        whole: The rows of all.
        parts: The tables.
    """

    whole: pl.LazyFrame
    parts: tuple[pl.LazyFrame, ...]

    @classmethod
    def of(cls, *frames: pl.DataFrame) -> "Held":
        """Tables that stay in memory; at least one."""
        return cls(pl.concat(frames).lazy(), tuple(frame.lazy() for frame in frames))


class Shelf:
    """Puts tables aside below a folder; without one, all stay in memory."""

    def __init__(self, folder: Path | None, enough: int) -> None:
        """Takes a folder, which need not be there, and how many bytes are held in memory."""
        self._folder, self._enough = folder, enough
        self._size = self._files = 0
        self._open = ExitStack()
        finalize(self, self._open.close)

    def held(self, frames: Iterable[pl.DataFrame]) -> Held:
        """The tables put aside, all of one shape; at least one.

        Raises:
            EnvironmentFault: The folder cannot be written to.
        """
        few: list[pl.DataFrame] = []
        files: list[Path] = []
        schema = pl.Schema()
        for frame in frames:
            few.append(frame)
            schema = frame.schema
            self._size += int(frame.estimated_size())
            if self._folder is not None and self._size > self._enough:
                files += [self._written(each) for each in few]
                few.clear()
        if not files:
            return Held.of(*few)
        files += [self._written(each) for each in few]
        return Held(_mapped(files, schema), tuple(_mapped([file], schema) for file in files))

    def _written(self, frame: pl.DataFrame) -> Path:
        self._files += 1
        try:
            file = self._place / str(self._files)
            frame.with_columns(pl.col(_LABEL).to_physical()).write_ipc(file)
        except OSError as error:
            raise EnvironmentFault(
                "aside",
                "what was counted cannot be put aside",
                where=str(error),
                hint="make room where the workspace keeps its state",
            ) from error
        return file

    @cached_property
    def _place(self) -> Path:
        assert self._folder is not None  # noqa: S101  asked only where there is one
        self._folder.mkdir(parents=True, exist_ok=True)
        return self._open.enter_context(beside(self._folder / "facts"))


def in_memory(enough: int) -> Shelf:
    """A shelf that holds all in memory, be it more than enough."""
    return Shelf(None, enough)


def _mapped(files: list[Path], schema: pl.Schema) -> pl.LazyFrame:
    labels = [name for name, held in schema.items() if held == _LABEL]
    return pl.scan_ipc(files, glob=False).with_columns(pl.col(labels).cat.to(_LABEL))
