"""The files in which people comment on a period, read from within the workspace alone."""

import hashlib
from pathlib import Path

from engine.errors import UsageError
from engine.period import Period
from engine.report.remarks import Commentary, Remarks
from engine.settings.pack import Pack

#: More than this is no commentary, and would be a hundred pages.
LARGEST = 256 * 1024

#: Of a group's name in a path; longer ones are cut and told apart by their digest.
_LONGEST = 60


def commentary(folder: Path, pack: Pack, period: Period, group: str = "") -> Commentary | None:
    """What people wrote about the period and the one before; None where the pack names no file.

    Args:
        folder: The workspace's.
        group: Value of the pack's ``burst_by`` that the pages are of.

    Raises:
        UsageError: A file lies outside the workspace, is too large, or is not UTF-8 text.
    """
    if not pack.commentary:
        return None
    place, earlier = (_place(pack, each, group) for each in (period, period.before()))
    before = _remarks(folder, earlier) if earlier != place else None
    return Commentary(place, _remarks(folder, place), before)


def _place(pack: Pack, period: Period, group: str) -> str:
    filled = {"{period}": period.label, "{pack}": pack.name, "{group}": path_part(group)}
    place = pack.commentary
    for key, value in filled.items():
        place = place.replace(key, value)
    return place


def path_part(group: str) -> str:
    """The group as a part of a path: its own name, or where that cannot be, one near it.

    Names that had to be changed carry a digest, so that no two groups share a file.
    """
    plain = "".join(each if each.isalnum() or each in " ._-&+" else "-" for each in group)
    plain = plain.strip(" .")[:_LONGEST].rstrip(" .")
    if plain and plain == group:
        return plain
    return f"{plain or 'group'}-{hashlib.sha256(group.encode()).hexdigest()[:8]}"


def _remarks(folder: Path, place: str) -> Remarks | None:
    content = _content(folder, place)
    if content is None:
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(place, f"is not UTF-8 text (byte {error.start + 1})") from error
    return Remarks(place, text, hashlib.sha256(content).hexdigest())


def _content(folder: Path, place: str) -> bytes | None:
    """The file's bytes; None where there is no file."""
    root = folder.resolve()
    try:
        path = (root / place).resolve()
        if not path.is_relative_to(root):
            raise _refused(place, "leads out of the workspace")
        if not path.is_file():
            return None
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except (OSError, RuntimeError) as error:
        raise _refused(place, "cannot be read", str(error)) from error
    if len(content) > LARGEST:
        raise _refused(place, f"is larger than {LARGEST // 1024} kB")
    return content


def _refused(place: str, why: str, where: str = "") -> UsageError:
    hint = "keep it as a short Markdown file in the workspace's folder"
    return UsageError("commentary", f"{place} {why}", where=where, hint=hint)
