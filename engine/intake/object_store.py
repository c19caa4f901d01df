"""What lies in an object store, listed through Arrow with the machine's own credentials."""
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# Arrow ships no types for its file systems.

from dataclasses import dataclass
from typing import BinaryIO, cast


@dataclass(frozen=True, slots=True)
class Entry:
    """One folder or file: its path below the folder listed."""

    path: str
    is_folder: bool


def entries(url: str, *, recursive: bool) -> tuple[Entry, ...]:
    """What lies in the folder at ``url``; OSError if it cannot be listed."""
    from pyarrow import ArrowException
    from pyarrow.fs import FileSelector, FileSystem, FileType

    try:
        system, folder = FileSystem.from_uri(_address(url))
        found = system.get_file_info(FileSelector(folder, recursive=recursive))
    except ArrowException as error:
        raise OSError(str(error)) from error
    start = len(folder.rstrip("/")) + 1
    return tuple(Entry(each.path[start:], each.type is FileType.Directory) for each in found)


def stream(url: str) -> BinaryIO:
    """The file at ``url``, to be read from its start; OSError if it cannot be."""
    from pyarrow import ArrowException
    from pyarrow.fs import FileSystem

    try:
        system, path = FileSystem.from_uri(_address(url))
        return cast("BinaryIO", system.open_input_stream(path, compression=None))
    except ArrowException as error:
        raise OSError(str(error)) from error


def _address(url: str) -> str:
    """The URL as Arrow spells it: what Polars calls az:// is abfs:// there."""
    return "abfs" + url.removeprefix("az") if url.startswith("az://") else url
