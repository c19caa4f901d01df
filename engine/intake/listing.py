"""What lies in a folder: on this machine, or in an object store by its URL."""

import os
from pathlib import Path

from engine.errors import EnvironmentFault
from engine.intake import object_store

#: First characters of names that writers use for what is no data (``_SUCCESS``, ``.part.crc``).
HIDDEN = ("_", ".")


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
    except OSError as error:
        raise _unlistable(path, error) from error
    return tuple(sorted(found))


def files(path: str) -> tuple[str, ...]:
    """Files anywhere below ``path``, relative to it and sorted, without hidden ones.

    Folders that are links are not entered; a file that is one must lead to within ``path``.

    Raises:
        EnvironmentFault: It is no folder, or cannot be read.
    """
    try:
        found = _remote_files(path) if is_remote(path) else _local_files(path)
    except OSError as error:
        raise _unlistable(path, error) from error
    return tuple(sorted(each for each in found if not _is_hidden(each)))


def _is_hidden(path: str) -> bool:
    return any(part.startswith(HIDDEN) for part in path.split("/"))


def _local_folders(path: str) -> list[str]:
    with os.scandir(path) as found:
        return [each.name for each in found if each.is_dir()]


def _local_files(path: str) -> list[str]:
    top = Path(path).resolve(strict=True)
    found = [
        Path(folder, name) for folder, _, names in os.walk(top, onerror=_refuse) for name in names
    ]
    inside = (each for each in found if each.resolve().is_relative_to(top))
    return [each.relative_to(top).as_posix() for each in inside]


def _refuse(error: OSError) -> None:
    raise error


def _remote_folders(url: str) -> list[str]:
    found = object_store.entries(url, recursive=False)
    return [each.path for each in found if each.is_folder]


def _remote_files(url: str) -> list[str]:
    found = object_store.entries(url, recursive=True)
    return [each.path for each in found if not each.is_folder]


def _unlistable(path: str, error: OSError) -> EnvironmentFault:
    return EnvironmentFault(
        "snapshots-unreadable",
        f"cannot list {path}",
        where=str(error),
        hint="`snapshots` in [workspace] names the folder that exports land in",
    )
