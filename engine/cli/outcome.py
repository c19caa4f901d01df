"""What became of packs and messages, told to a person and to whoever called the command."""

import sys

from engine.cli.screen import say
from engine.delivery.records import Delivery
from engine.delivery.summary import Summary


def tell(summary: Summary, nothing: str) -> None:
    """Runs on standard output, the rest beside; ends with the summary's error if it has one."""
    for folder in summary.made:
        sys.stdout.write(f"{folder}\n")
    lines = [f"  {_told(each)}" for each in summary.done]
    lines += [f"  … {each}" for each in summary.waiting]
    lines += [f"  ! {each}" for each in summary.notes]
    is_quiet = not (lines or summary.made or summary.errors or summary.problems)
    for line in [f"  {nothing}"] if is_quiet else lines:
        say(line)
    error = summary.error
    for each in summary.errors:
        if each is not error:
            say(str(each))
    if error is not None:
        raise error


def _told(delivery: Delivery) -> str:
    detail = f" ({delivery.detail})" if delivery.detail else ""
    again = ""
    if delivery.not_before is not None:
        again = f", again after {delivery.not_before:%Y-%m-%d %H:%M} UTC"
    return f"{delivery.kind}: {delivery.title}: {delivery.state}{again}{detail}"
