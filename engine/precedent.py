"""What the packs of earlier periods were counted by, so that a change of rules is said."""

import json
from dataclasses import dataclass

from engine.period import Period
from engine.policy import Policy
from engine.store.place import Place

_RULES = ("policy", "definitions")


@dataclass(frozen=True, slots=True)
class Precedent:
    """A pack that readers have seen for a period that this one is compared with.

    Attributes:
        period: Its title, such as ``Q2 2026``.
        policy: Name, version and fingerprint of its policy.
        definitions: Fingerprint of its definitions.
    """

    period: str
    policy: str
    definitions: str


def precedents(output: Place, name: str, period: Period) -> tuple[Precedent, ...]:
    """The newest packs of the period before and of the year before, where there are any.

    Args:
        output: Holds packs as SPEC §6 lays them down.
        name: The pack's folder within a period's: its name, or with a group's folder below.
        period: The period at hand.
    """
    found = (
        _precedent(output / each.label / name, each)
        for each in (period.before(), period.year_before)
    )
    return tuple(each for each in found if each is not None)


def differences(
    precedents: tuple[Precedent, ...], policy: Policy, definitions: str
) -> tuple[str, ...]:
    """A sentence for each earlier pack that was counted by other rules than this one."""
    named = described(policy)
    return tuple(
        f"The pack of {each.period} was counted under {each.policy}, this one under {named}"
        f"{' and other definitions' if each.definitions != definitions else ''}: "
        f"its figures here are counted anew and may differ from those printed then."
        for each in precedents
        if each.policy != named or each.definitions != definitions
    )


def described(policy: Policy) -> str:
    """The policy by name, version and fingerprint."""
    return f"policy {policy.name}, version {policy.version} ({policy.fingerprint})"


def _precedent(folder: Place, period: Period) -> Precedent | None:
    try:
        run = json.loads((folder / "current.json").read_text(encoding="utf-8"))["run"]
        manifest = json.loads((folder / run / "manifest.json").read_text(encoding="utf-8"))
        policy = Policy.model_validate(
            {
                key: manifest["policy"][key]
                for key in Policy.model_fields
                if key in manifest["policy"]
            }
        )
    except (OSError, ValueError, KeyError):
        return None
    return Precedent(period.title, described(policy), manifest["definitions_fingerprint"])
