"""The command line ``qbr``; each command imports what it needs when it is called."""

import io
import os
import sys
import traceback
from pathlib import Path

import typer

from engine.cli.app import app
from engine.cli.screen import say
from engine.errors import EngineError, EnvironmentFault, UsageError

#: What shells say of a command that was ended by Ctrl-C, and Typer answers without a word.
_INTERRUPTED = 130


def main() -> None:
    """Runs a command and leaves with its exit status, never with a traceback."""
    _open_streams()
    sys.exit(exit_status(sys.argv[1:]))


def _open_streams() -> None:
    """Standard streams that take any text: results are UTF-8, a closed stream takes nothing."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def exit_status(arguments: list[str]) -> int:
    """What a command line answers: 0 done, 2 usage or machine, 3 data, 4 delivery, 1 our fault."""
    try:
        result = app(arguments, standalone_mode=False)
    except EngineError as error:
        say(str(error))
        return error.exit_status
    except typer.TyperException as error:
        say(str(UsageError("usage", error.format_message(), hint="see `qbr COMMAND --help`")))
        return UsageError.exit_status
    except (typer.Abort, KeyboardInterrupt):
        result = _INTERRUPTED
    except OSError as error:
        say(str(_environment(error)))
        return EnvironmentFault.exit_status
    except SystemExit:
        raise
    except BaseException as error:  # noqa: BLE001  the one place that may; a panic is no Exception
        return _fault(error)
    if result == _INTERRUPTED:
        say("stopped; nothing half-written is left")
    return result if isinstance(result, int) else 0


def _environment(error: OSError) -> EnvironmentFault:
    return EnvironmentFault(
        "environment",
        error.strerror or str(error),
        where=str(error.filename2 or error.filename or ""),
        hint="check that the path exists, may be written and has room",
    )


def _fault(error: BaseException) -> int:
    """Says that it is our fault and keeps what a bug report needs out of the reader's way."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{last.filename.rpartition('/')[2]}:{last.lineno}"
    text = " ".join(str(error).split())[:300]
    say(f"error: internal\n  × {type(error).__name__}: {text}\n  ╰─> {place}")
    say("note: this is a fault of Quarterdeck, not of your data\nhint: report it with this message")
    return 1
