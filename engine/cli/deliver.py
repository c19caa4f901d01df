"""``qbr deliver``: packs sent by hand, or released after review."""

import sys
from typing import Annotated

import typer

from engine.cli.due import moment
from engine.cli.options import PeriodOption, WorkspaceOption, workspace_of
from engine.errors import UsageError

Packs = Annotated[
    list[str] | None,
    typer.Option("--pack", metavar="NAME", help="Which packs; default: all that have recipients."),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Show who would get what; nothing is sent.")
]
To = Annotated[
    str | None,
    typer.Option("--to", metavar="ADDRESS", help="A test to one person; nobody else gets it."),
]
Resend = Annotated[
    str | None,
    typer.Option(
        "--resend",
        metavar="RUN/RECIPIENT",
        help="Send a failed or unknown delivery again, under the same Message-ID.",
    ),
]
Settle = Annotated[
    str | None,
    typer.Option(
        "--settle", metavar="RUN/RECIPIENT", help="Record that an unknown delivery has arrived."
    ),
]
Reason = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Why; kept in the ledger and the receipt.")
]


def deliver(
    pack: Packs = None,
    period: PeriodOption = None,
    dry_run: DryRun = False,
    to: To = None,
    resend: Resend = None,
    settle: Settle = None,
    reason: Reason = "",
    workspace: WorkspaceOption = None,
) -> None:
    """Sends packs that were made to those who have not got them, or releases reviewed ones."""
    from engine.cli.outcome import tell
    from engine.delivery.by_hand import Hand
    from engine.delivery.due import post_of
    from engine.period import Period

    _require_one([dry_run, to is not None, resend is not None, settle is not None])
    place = workspace_of(workspace)
    packs = [place.pack(name) for name in pack] if pack else place.addressed_packs
    label = period and Period.parse(period, place.settings.fiscal_year_start).label
    needs_server = not (dry_run or settle)
    hand = Hand(place, moment(None), post_of(place) if needs_server else None)
    if dry_run:
        for each in hand.addresses(packs, label):
            state = each.state or "not sent yet"
            line = f"{each.run.folder}\t{each.kind}\t{each.recipient}\t{state}\n"
            sys.stdout.write(line)
        return
    if resend is not None:
        summary = hand.resend(resend, reason)
    elif settle is not None:
        summary = hand.settle(settle, reason)
    elif to is not None:
        summary = hand.test(packs or list(place.configuration.packs), label, to)
    else:
        summary = hand.deliver(packs, label)
    tell(summary, nothing="nothing to send")


def _require_one(asked: list[bool]) -> None:
    if sum(asked) > 1:
        raise UsageError(
            "usage",
            "these ask for different things",
            hint="take one of --dry-run, --to, --resend, --settle",
        )
