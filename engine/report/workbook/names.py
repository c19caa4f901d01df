"""What a figure is called in the workbook: ``mrr_2026Q3``, ``arpu_2026Q3_SMB``."""

import re

from engine.metrics.model import Number

_OTHER = re.compile(r"[^A-Za-z0-9]+")
_LONGEST = 200


class Names:
    """Names given so far; a figure that has one gets no second."""

    def __init__(self) -> None:
        """Starts with none."""
        self._figures: set[Number] = set()
        self._taken: set[str] = set()

    def fresh(self, number: Number) -> str:
        """A name that no other figure has; empty if this one was named before."""
        if number in self._figures:
            return ""
        self._figures.add(number)
        labels = "_".join(label for _, label in number.group)
        parts = (number.metric, number.period, labels)
        plain = _OTHER.sub("_", "_".join(part for part in parts if part)).strip("_")[:_LONGEST]
        name, at = plain, 2
        while name.lower() in self._taken:
            name, at = f"{plain}_{at}", at + 1
        self._taken.add(name.lower())
        return name
