"""How other tools count, as policies to compare with or to start from.

A preset sets only what the tool's own pages state; every other key keeps the contract's default.
"""

from collections.abc import Mapping
from typing import cast

from engine.policy import Policy
from engine.presets.chartmogul import CHARTMOGUL
from engine.presets.model import Preset
from engine.presets.profitwell import PROFITWELL
from engine.presets.stripe import STRIPE

#: All presets by name.
PRESETS: Mapping[str, Preset] = {each.name: each for each in (STRIPE, CHARTMOGUL, PROFITWELL)}


def policy_of(preset: Preset) -> Policy:
    """The preset as a policy of its name."""
    return Policy.model_validate({**preset.keys, "name": preset.name, "preset": preset.name})


def with_preset(content: object) -> object:
    """A policy's keys as written, over those of the preset that they name."""
    if not isinstance(content, Mapping):
        return content
    own = cast("Mapping[str, object]", content)
    named = PRESETS.get(str(own.get("preset", "")))
    return {**named.keys, **own} if named else own
