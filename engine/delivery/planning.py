"""Who gets what: the deliveries of a run, laid down before the first message leaves."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from engine.config import Workspace
from engine.delivery.journal import Journal
from engine.delivery.message import message_id
from engine.delivery.occasions import Occasion
from engine.delivery.records import Delivery, Kind, RecordedRun, delivery_key
from engine.errors import UsageError
from engine.settings.pack import Pack


def audience(pack: Pack, run: RecordedRun, runs: Sequence[RecordedRun]) -> tuple[str, ...]:
    """Who gets the run: its group's recipients, and the pack's where nothing whole was made."""
    whole = pack.recipients
    if not run.group:
        return whole
    if any(not each.group for each in runs):
        whole = ()
    return tuple(dict.fromkeys((*pack.recipients_by.get(run.group, ()), *whole)))


def without_audience(pack: Pack, runs: Sequence[RecordedRun]) -> tuple[str, ...]:
    """Sentences about groups that nobody gets, and recipients of groups that were not made."""
    if not (pack.recipients or pack.recipients_by):
        return ()
    nobody = [run.group for run in runs if run.group and not audience(pack, run, runs)]
    unmade = set(pack.recipients_by) - {run.group for run in runs}
    found = [f"{pack.name}: nobody is named for {', '.join(nobody)}"] if nobody else []
    if unmade:
        found.append(f"{pack.name}: no pack was made for {', '.join(sorted(unmade))}")
    return tuple(found)


def sender(workspace: Workspace) -> str:
    """The sender of all messages; a UsageError where no server or sender is named."""
    mail = workspace.configuration.mail
    if not mail.host or mail.sender is None:
        raise no_server()
    return mail.sender


def no_server() -> UsageError:
    """There is something to send and nothing to send it by."""
    return UsageError(
        "mail-server",
        "there are messages to send, and no server to send them by",
        hint="set `host` and `from` under [mail] in quarterdeck.toml",
    )


def planned(
    run: RecordedRun,
    kind: Kind,
    recipients: Iterable[str],
    at: datetime,
    sender: str,
    occasion: str = "",
) -> tuple[Delivery, ...]:
    """A delivery of the run to each recipient."""
    keys = {each: delivery_key(run.run_id, kind, each, occasion) for each in recipients}
    return tuple(
        Delivery(
            key=key,
            folder=run.folder,
            run_id=run.run_id,
            period=run.period,
            pack=run.pack,
            group=run.group,
            kind=kind,
            recipient=recipient,
            planned_at=at,
            changed_at=at,
            message_id=message_id(key, sender),
        )
        for recipient, key in keys.items()
    )


def alerts(
    occasion: Occasion, operators: Iterable[str], at: datetime, sender: str, reason: str
) -> tuple[Delivery, ...]:
    """A message to each operator that the occasion's pack is late, one an occasion."""
    name = f"{occasion.period}/{occasion.pack}"
    keys = {each: delivery_key("", Kind.ALERT, each, name) for each in operators}
    return tuple(
        Delivery(
            key=key,
            folder=occasion.folder,
            run_id="",
            period=occasion.period,
            pack=occasion.pack,
            group="",
            kind=Kind.ALERT,
            recipient=operator,
            planned_at=at,
            changed_at=at,
            message_id=message_id(key, sender),
            note=reason,
        )
        for operator, key in keys.items()
    )


def lay_down(journal: Journal, deliveries: Iterable[Delivery]) -> None:
    """Records those that are not known yet; what is known stays in its state."""
    wanted = tuple(deliveries)
    known = {
        each.key
        for period, pack in {(each.period, each.pack) for each in wanted}
        for each in journal.ledger.deliveries(period, pack)
    }
    for each in wanted:
        if each.key not in known:
            journal.record(each)
