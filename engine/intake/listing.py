"""What lies in a folder: on this machine, or in an object store by its URL."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from engine.errors import EnvironmentFault
from engine.intake import object_store

#: First characters of names that writers use for what is no data (``_SUCCESS``, ``.part.crc``).
HIDDEN = ("_", ".")

#: Characters of a path or a fault that a message shows.
_TOLD = 300


def is_remote(path: str) -> bool:
    """Whether the path is a URL."""
    return "://" in path


def folders(path: str) -> tuple[str, ...]:
    """Names of the folders directly in ``path``, sorted.

    Raises:
        EnvironmentFault: It is no folder, or cannot be read.
    """
    try:
        found = _remote_folders(path) if is_remote(path) else _local_folders(path)
    except (OSError, ValueError) as error:  # a null byte is no OSError
        raise _unlistable(path, error) from error
    return tuple(sorted(found))


def files(path: str) -> tuple[str, ...]:
    """Files anywhere below ``path``, relative to it and sorted, without hidden ones.

    Folders that are links are not entered; ``foreign`` names what is no file of the folder.

    Raises:
        EnvironmentFault: It is no folder, or cannot be read.
    """
    return _listed(path, _remote_files if is_remote(path) else _local_files)


def foreign(path: str) -> tuple[str, ...]:
    """What lies there and is neither a folder nor a file of it: a link to elsewhere, a pipe.

    Raises:
        EnvironmentFault: It is no folder, or cannot be read.
    """
    return () if is_remote(path) else _listed(path, _local_others)


def _listed(path: str, find: Callable[[str], list[str]]) -> tuple[str, ...]:
    try:
        found = find(path)
    except (OSError, ValueError) as error:  # a null byte is no OSError
        raise _unlistable(path, error) from error
    return tuple(sorted(each for each in found if not _is_hidden(each)))


def _is_hidden(path: str) -> bool:
    return any(part.startswith(HIDDEN) for part in path.split("/"))


def _local_folders(path: str) -> list[str]:
    with os.scandir(path) as found:
        return [each.name for each in found if each.is_dir()]


def _local_files(path: str) -> list[str]:
    top = Path(path).resolve(strict=True)
    return [each.relative_to(top).as_posix() for each in _entries(top) if _is_own(each, top)]


def _local_others(path: str) -> list[str]:
    top = Path(path).resolve(strict=True)
    return [each.relative_to(top).as_posix() for each in _entries(top) if not _is_own(each, top)]


def _entries(top: Path) -> Iterator[Path]:
    """Everything below that is not a folder; a link to one is not."""
    for place, inner, names in os.walk(top, onerror=_refuse):
        links = [name for name in inner if Path(place, name).is_symlink()]
        yield from (Path(place, name) for name in (*names, *links))


def _is_own(path: Path, top: Path) -> bool:
    """Whether it is a plain file that lies below ``top``, or a link to one that does."""
    try:
        return path.is_file() and path.resolve().is_relative_to(top)
    except RuntimeError:  # a link to itself
        return False


def _refuse(error: OSError) -> None:
    raise error


def _remote_folders(url: str) -> list[str]:
    found = object_store.entries(url, recursive=False)
    return [each.path for each in found if each.is_folder]


def _remote_files(url: str) -> list[str]:
    found = object_store.entries(url, recursive=True)
    return [each.path for each in found if not each.is_folder]


def _unlistable(path: str, error: OSError | ValueError) -> EnvironmentFault:
    told = path if len(path) <= _TOLD else f"{path[:_TOLD]}…"
    return EnvironmentFault(
        "snapshots-unreadable",
        f"cannot list {told}",
        where=(error.strerror if isinstance(error, OSError) else None) or str(error)[:_TOLD],
        hint="`snapshots` in [workspace] names the folder that exports land in",
    )
