"""Objects that are written once, and one that moves on: two processes never undo each other."""

import errno
from collections.abc import Callable, Mapping

from engine.store.faults import ChangedError
from engine.store.place import ObjectPath

#: Content as it is (None: nothing is there) to content as it is to be (None: leave it).
Change = Callable[[bytes | None], bytes | None]


def put_new(path: ObjectPath, content: bytes) -> None:
    """Writes an object that was not there; FileExistsError if it was."""
    path.bucket.put_new(path.key, content)


def put_folder(folder: ObjectPath, files: Mapping[str, bytes], last: str) -> None:
    """Writes every file, and ``last`` after all others: with it, and only then, all is there.

    What a killed process left before it came to ``last`` is used where it is the same, and else
    written anew.

    Raises:
        FileExistsError: The last file is there.
    """
    if (folder / last).is_file():
        raise FileExistsError(errno.EEXIST, "already there", str(folder))
    for name, content in files.items():
        if name != last:
            _put_part(folder / name, content)
    put_new(folder / last, files[last])


def update(path: ObjectPath, change: Change) -> None:
    """Changes the object, unless another process changes it first: then its content is changed."""
    while True:
        known, version = _known(path)
        content = change(known)
        if content is None or content == known:
            return
        try:
            if version is None:
                put_new(path, content)
            else:
                path.bucket.replace(path.key, content, version)
        except (ChangedError, FileExistsError):
            continue
        return


def _put_part(path: ObjectPath, content: bytes) -> None:
    try:
        put_new(path, content)
    except FileExistsError:
        if path.read_bytes() != content:
            path.bucket.put(path.key, content)


def _known(path: ObjectPath) -> tuple[bytes | None, tuple[str, str] | None]:
    try:
        return path.bucket.read(path.key)
    except FileNotFoundError:
        return None, None
