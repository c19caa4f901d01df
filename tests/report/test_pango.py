"""Pango is looked for before it is needed, and its absence is one line."""

import subprocess
import sys

import pytest

from engine.errors import EnvironmentFault
from engine.report.pango import INSTALL, LIBRARIES, missing_libraries, require_pango

LINUX = {
    "libgobject-2.0.so.0",
    "libpango-1.0.so.0",
    "libpangoft2-1.0.so.0",
    "libharfbuzz.so.0",
    "libharfbuzz-subset.so.0",
    "libfontconfig.so.1",
}
HOMEBREW = {
    "libgobject-2.0.0.dylib",
    "libpango-1.0.0.dylib",
    "libpangoft2-1.0.0.dylib",
    "libharfbuzz.0.dylib",
    "libharfbuzz-subset.0.dylib",
    "libfontconfig.1.dylib",
}


@pytest.mark.parametrize("files", [LINUX, HOMEBREW, set(LIBRARIES)])
def test_nothing_is_missing_where_each_library_opens_by_one_of_its_names(files: set[str]) -> None:
    assert missing_libraries(files.__contains__) == ()


def test_the_missing_library_is_named_and_no_other() -> None:
    files = LINUX - {"libharfbuzz-subset.so.0"}
    assert missing_libraries(files.__contains__) == ("libharfbuzz-subset",)


def test_the_fault_says_what_to_install_on_each_system() -> None:
    with pytest.raises(EnvironmentFault) as fault:
        require_pango(lambda _: False)
    assert fault.value.exit_status == 2
    assert "libpango-1.0" in fault.value.message
    assert fault.value.hint == INSTALL
    assert all(name in INSTALL for name in ("Debian", "Fedora", "macOS"))
    assert "\n" not in INSTALL


def test_a_machine_without_the_libraries_gets_one_line_and_status_2() -> None:
    """A fresh interpreter that can open no library at all, by its own audit hook."""
    script = (
        "import runpy, sys\n"
        "def refuse(event, args):\n"
        "    if event == 'ctypes.dlopen' and args[0]: raise OSError(event)\n"
        "import ctypes\n"
        "sys.addaudithook(refuse)\n"
        "runpy.run_module('engine.report.pango', run_name='__main__')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert INSTALL in done.stderr


def test_looking_for_pango_loads_no_weasyprint() -> None:
    """WeasyPrint takes a second to import, and fails with a traceback where Pango is missing."""
    script = "import sys, engine.report.pango; assert 'weasyprint' not in sys.modules"
    subprocess.run([sys.executable, "-c", script], check=True)


def test_pango_is_here_as_make_setup_left_it() -> None:
    require_pango()
