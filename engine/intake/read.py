"""A snapshot's tables as lazy scans in their canonical shape."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager

import polars as pl

from engine.errors import DataError, EnvironmentFault
from engine.intake.casts import cast, is_dictionary
from engine.intake.quoting import quoted
from engine.intake.snapshot import Snapshot, require_unchanged
from engine.store.faults import is_of_store, said
from engine.store.scanning import reach
from schemas.canonical import TABLES, Column

_AGAIN = "export it again"


class UnreadableError(DataError):
    """A file is no Parquet, or no longer."""


_FAULTS = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, UnreadableError)


def table(snapshot: Snapshot, name: str) -> pl.LazyFrame:
    """The table in its canonical columns and types, extra columns after them; nothing is read.

    Optional columns that are absent are there as nulls. Values are not checked: ``verdict`` does.

    Raises:
        DataError: The table, or a required column, is missing, or a type cannot be read safely.
    """
    if not snapshot.has(name):
        raise DataError("table-missing", f"{name} is not in snapshot {snapshot.folder}")
    columns = TABLES[name].columns
    with named_faults(name):
        shaped = canonical(scan(snapshot, name), columns)
        found = shaped.collect_schema()
    if lacking := [each.name for each in columns if each.name not in found]:
        raise DataError(
            "column-unusable",
            f"{name} has no usable " + ", ".join(f"`{each}`" for each in lacking),
            hint="`qbr validate` says what is wrong with each",
        )
    return shaped


def canonical(frame: pl.LazyFrame, columns: Sequence[Column]) -> pl.LazyFrame:
    """The frame in canonical order and types, without columns of the wrong type."""
    found = frame.collect_schema()
    shaped = [
        cast(each.name, found[each.name], each.dtype)
        if each.name in found
        else pl.lit(None, each.dtype).alias(each.name)
        for each in columns
        if each.name in found or each.is_optional
    ]
    names = {each.name for each in columns}
    extras = [_extra(name, dtype) for name, dtype in found.items() if name not in names]
    return frame.select(*[each for each in shaped if each is not None], *extras)


def scan(snapshot: Snapshot, name: str, some: Sequence[str] = ()) -> pl.LazyFrame:
    """The table's files as they are, and the keys of its partition folders as columns.

    A column that is in the files wins over a partition key of its name.

    Args:
        some: Only these of its files.
    """
    files = list(some or snapshot.tables[name])
    with named_faults(name):
        way = reach(files[0])
        plain = pl.scan_parquet(files, glob=False, hive_partitioning=False, **way)
        keys = partition_keys(files[0])
        own = partition_keys(snapshot.relative(files[0]))
        if not own or not set(keys).isdisjoint(plain.collect_schema()):
            return plain
    texts = dict.fromkeys(keys, pl.String)
    partitioned = pl.scan_parquet(
        files, glob=False, hive_partitioning=True, hive_schema=texts, **way
    )
    outer = [key for key in keys if key not in own]
    return partitioned.drop(outer).with_columns(
        _partition_dates(each.name)
        for each in TABLES[name].columns
        if each.name in own and each.dtype == pl.Date
    )


def collected(frame: pl.LazyFrame, name: str) -> pl.DataFrame:
    """The frame, streamed; UnreadableError where a file of the table turns out to be damaged."""
    with named_faults(name):
        return frame.collect(engine="streaming")


@contextmanager
def named_faults(name: str) -> Generator[None]:
    """What goes wrong while reading becomes an UnreadableError that names the table or file.

    Raises:
        UnreadableError: It cannot be decoded; Polars panics over some damaged files.
        EnvironmentFault: It may not be read, or its object store does not answer.
    """
    try:
        yield
    except PermissionError as error:
        told = said(error) if is_of_store(error) else str(error)
        raise EnvironmentFault("unreadable", f"may not read {name}", where=told) from error
    except FileNotFoundError as error:
        raise _gone(name, error) from error
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        if isinstance(error, OSError) and is_of_store(error):
            raise _away(name, error) from error
        raise UnreadableError(
            "unreadable", f"{name} cannot be read", where=quoted(error), hint=_AGAIN
        ) from error


@contextmanager
def steady(snapshot: Snapshot) -> Generator[None]:
    """Counts on no more than what was listed: told where a file changes meanwhile.

    Raises:
        DataError: One did; what went wrong, if anything, came of that.
        EnvironmentFault: The object store does not answer.
    """
    try:
        yield
    except _FAULTS as error:
        require_unchanged(snapshot)
        if isinstance(error, OSError) and is_of_store(error):
            raise _away(snapshot.folder, error) from error
        raise
    require_unchanged(snapshot)


def _gone(name: str, error: FileNotFoundError) -> UnreadableError:
    told = said(error) if is_of_store(error) else quoted(error)
    return UnreadableError("unreadable", f"{name} cannot be read", where=told, hint=_AGAIN)


def _away(name: str, error: OSError) -> EnvironmentFault:
    return EnvironmentFault(
        "store-away",
        f"the object store did not give {name}",
        where=said(error),
        hint="look whether it is up and reachable from here, and run it again",
    )


def _extra(name: str, dtype: pl.DataType) -> pl.Expr:
    return pl.col(name).cast(pl.String) if is_dictionary(dtype) else pl.col(name)


def partition_keys(path: str) -> tuple[str, ...]:
    """``month`` and ``region`` for ``…/month=2026-01/region=EU/part.parquet``."""
    folders = path.split("/")[:-1]
    return tuple(part.partition("=")[0] for part in folders if part.count("=") == 1)


def _partition_dates(key: str) -> pl.Expr:
    """Dates of ``2026-01-31`` and of ``2026-01``, its first day; null for anything else."""
    day = pl.col(key).str.to_date("%Y-%m-%d", strict=False)
    month = (pl.col(key) + "-01").str.to_date("%Y-%m-%d", strict=False)
    return pl.coalesce(day, month).alias(key)
