"""Whether the system libraries that WeasyPrint draws with are here, and what to install if not.

Asked before WeasyPrint is imported, as that import takes a second and ends in a traceback.
``python -m engine.report.pango`` prints the one line on stderr, with exit status 2.
"""

import ctypes
import sys
from collections.abc import Callable
from ctypes.util import find_library
from typing import Final

from engine.errors import EnvironmentFault

#: What WeasyPrint 70 opens (weasyprint/text/ffi.py), each with the version of its interface.
#: It takes HarfBuzz-Subset as optional, but warns without it and embeds fonts another way.
LIBRARIES: Final = {
    "gobject-2.0": "0",
    "pango-1.0": "0",
    "pangoft2-1.0": "0",
    "harfbuzz": "0",
    "harfbuzz-subset": "0",
    "fontconfig": "1",
}

#: Debian's packages that hold these or depend on them.
DEBIAN: Final = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")

INSTALL: Final = (
    f"Debian and Ubuntu: apt install {' '.join(DEBIAN)}; "
    "Fedora: dnf install pango; macOS: brew install pango"
)


def require_pango(loads: Callable[[str], bool] | None = None) -> None:
    """Raise an :class:`EnvironmentFault` that says what to install, if a library is missing."""
    missing = missing_libraries(loads)
    if missing:
        raise EnvironmentFault(
            "pango-missing",
            f"Pages are drawn with Pango, and this machine lacks {', '.join(missing)}.",
            hint=INSTALL,
        )


def missing_libraries(loads: Callable[[str], bool] | None = None) -> tuple[str, ...]:
    """The libraries of which no file can be opened, by the names that Linux knows them by.

    Args:
        loads: Whether the library in a file of this name can be opened; asks the system if None.
    """
    opens = loads or _loads
    return tuple(
        f"lib{name}"
        for name, version in LIBRARIES.items()
        if not any(opens(file) for file in _files(name, version))
    )


def _files(name: str, version: str) -> tuple[str, ...]:
    """What the library's file is called on Linux and macOS, and the name linkers look it up by."""
    return (f"lib{name}.so.{version}", f"lib{name}.{version}.dylib", f"lib{name}.dylib", name)


def _loads(file: str) -> bool:
    path = file if file.startswith("lib") else find_library(file)
    if path is None:
        return False
    try:
        ctypes.CDLL(path)
    except OSError:
        return False
    return True


def main() -> None:
    """Exit with status 2 and one line on stderr if a library is missing."""
    missing = missing_libraries()
    if missing:
        sys.stderr.write(f"Pango is missing ({', '.join(missing)}). {INSTALL}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
