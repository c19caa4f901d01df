"""Somebody else's file as a frame of texts, whatever it was before."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from engine.errors import DataError, EnvironmentFault, UsageError, nearest
from engine.intake.failures import ROW, Failure
from engine.mapping import LedgerMapping

_PARQUET = b"PAR1"
_UNREADABLE = (pl.Binary, pl.Object, pl.Duration)
_DUPLICATED = re.compile(r"(.+)_duplicated_\d+")


@dataclass(frozen=True, slots=True)
class Source:
    """One file as it was read, blank rows left out.

    Attributes:
        file: What messages call it.
        columns: Its column names, outer blanks taken off.
        frame: ``ROW`` and ``source:NAME`` for each column, empty cells null.
        blank: How many rows held nothing.
    """

    file: str
    columns: tuple[str, ...]
    frame: pl.DataFrame
    blank: int

    def missing(self, mapping: LedgerMapping) -> tuple[Failure, ...]:
        """One failure per column that the mapping names and the file lacks."""
        alone = len(self.columns) == 1
        advice = "only one column was found: is `separator` right?" if alone else ""
        return tuple(
            Failure(
                self.file,
                "source-column",
                name,
                f"the file has no such column; {advice or nearest(name, self.columns)}",
            )
            for name in mapping.source_columns
            if name not in self.columns
        )

    def unreadable(self, mapping: LedgerMapping) -> tuple[Failure, ...]:
        """One failure per mapped column of a Parquet file that holds neither text nor numbers."""
        types = {name: self.frame.schema[f"source:{name}"] for name in self.columns}
        mapped = dict.fromkeys([*mapping.columns.values(), *mapping.account.values()])
        return tuple(
            Failure(self.file, "source-type", name, f"a column of {types[name]} cannot be mapped")
            for name in mapped
            if name in types and (types[name].is_nested() or isinstance(types[name], _UNREADABLE))
        )


def cell(column: str) -> pl.Expr:
    """The file's own column of that name."""
    return pl.col(f"source:{column}")


def read(path: Path, mapping: LedgerMapping) -> Source:
    """The file at ``path``, CSV or Parquet (told by its first bytes, not by its name).

    Texts lose outer blanks; nothing is guessed from them. Parquet columns keep their types.

    Raises:
        UsageError: There is no such file, or two of its columns have one name.
        EnvironmentFault: It cannot be read.
        DataError: It is neither CSV in the declared encoding nor Parquet.
    """
    try:
        frame = _content(path, mapping)
    except FileNotFoundError:
        raise UsageError("source-file", f"there is no file {path}") from None
    except OSError as error:
        raise EnvironmentFault("source-file", f"cannot read {path}", where=str(error)) from error
    except (pl.exceptions.PolarsError, UnicodeError) as error:
        raise _unreadable(path, mapping, error) from error
    columns = tuple(name.strip() for name in frame.columns)
    _refuse_twins(path, columns)
    frame.columns = [f"source:{name}" for name in columns]
    rows = _without_blanks(frame, mapping).with_row_index(ROW, offset=2)
    kept = rows.filter(~pl.all_horizontal(pl.exclude(ROW).is_null()))
    return Source(str(path), columns, kept, rows.height - kept.height)


def _content(path: Path, mapping: LedgerMapping) -> pl.DataFrame:
    with path.open("rb") as file:
        is_parquet = file.read(len(_PARQUET)) == _PARQUET
    if is_parquet:
        return pl.read_parquet(path, hive_partitioning=False, glob=False)
    encoding = "utf8" if mapping.encoding == "utf-8" else mapping.encoding
    return pl.read_csv(
        path, separator=mapping.separator, encoding=encoding, infer_schema=False, glob=False
    )


def _without_blanks(frame: pl.DataFrame, mapping: LedgerMapping) -> pl.DataFrame:
    text = pl.col(pl.String).str.strip_chars()
    is_empty = text.is_in(["", *mapping.null_values])
    return frame.with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String)).with_columns(
        pl.when(~is_empty).then(text)
    )


def _refuse_twins(path: Path, columns: Sequence[str]) -> None:
    original = [
        found[1] if (found := _DUPLICATED.fullmatch(name)) and found[1] in columns else name
        for name in columns
    ]
    if twins := [name for name, times in Counter(original).items() if times > 1]:
        raise UsageError(
            "source-column",
            f"{path} has several columns called " + ", ".join(f"`{each}`" for each in twins),
            hint="rename or drop all but one in the export",
        )


def _unreadable(path: Path, mapping: LedgerMapping, error: Exception) -> DataError:
    return DataError(
        "source-file",
        f"{path} is neither Parquet nor CSV separated by `{mapping.separator}`"
        f" in {mapping.encoding}",
        where=str(error).strip().split("\n", maxsplit=1)[0],
        hint="a mapping declares both: separator and encoding",
    )
