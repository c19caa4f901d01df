"""What every section is written from: the numbers looked up, and written as this pack writes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from unicodedata import bidirectional

from engine.metrics.model import Metric, Number
from engine.period import Period
from engine.report.blocks import Change
from engine.report.context import PackContext
from engine.report.formats import change, changed, figure, relative, tone
from engine.report.look import Look
from engine.report.span import Span, labels
from engine.report.table import Cell
from engine.report.tone import Tone
from engine.report.words import Scale, Words

Group = Mapping[str, str]
TOTAL: Group = {}
LEFT_TO_RIGHT = "\u200e"
NO_GROUP = "the group has nothing in this period"


@dataclass(frozen=True)
class Material:
    """The pack's context with its words and its look."""

    context: PackContext
    words: Words
    look: Look

    @property
    def period(self) -> Period:
        """The reported period."""
        return self.context.period

    @cached_property
    def span(self) -> Span:
        """The periods that it is compared with."""
        return Span(self.period)

    def metric(self, name: str) -> Metric:
        """The metric's definition, as the policy has it."""
        return self.context.definitions[name].under(self.context.policy)

    def number(self, name: str, period: Period | None = None, group: Group = TOTAL) -> Number:
        """The number; a group without a row in that period has None, with the reason."""
        label = (period or self.period).label
        try:
            return self.context.numbers.one(name, label, group)
        except KeyError:
            if not group and not self.context.scope:
                raise
            unit = self.metric(name).unit
            return Number(name, label, tuple(group.items()), None, None, None, unit, NO_GROUP)

    def value(self, name: str, period: Period | None = None, group: Group = TOTAL) -> float | None:
        """The number's value."""
        return self.number(name, period, group).value

    def series(
        self, name: str, periods: Sequence[Period], group: Group = TOTAL
    ) -> tuple[float | None, ...]:
        """The values of those periods; None before the first one that has anything."""
        values = self.context.numbers.series(name, labels(tuple(periods)), group)
        start = next((at for at, value in enumerate(values) if value), len(values))
        return (None,) * start + values[start:]

    def base(self, name: str, period: Period, group: Group = TOTAL) -> float | None:
        """What a change is told against; None where the company or group was not there yet."""
        return self.value(name, period, group) if self.value("mrr", period, group) else None

    def relative(self, name: str, against: Period, group: Group = TOTAL) -> float | None:
        """The change since that period as a part of its value."""
        return relative(self.value(name, None, group), self.base(name, against, group))

    def cell(
        self,
        name: str,
        period: Period | None = None,
        group: Group = TOTAL,
        scale: Scale | None = None,
    ) -> Cell:
        """The number as a table shows it."""
        number = self.number(name, period, group)
        text = figure(self.metric(name), number.value, self.words, scale)
        return Cell(text, number, Tone.PLAIN if number.value is not None else Tone.MUTED)

    def change_cell(self, name: str, against: Period, group: Group = TOTAL) -> Cell:
        """The change since that period as a table shows it."""
        change = self.change(name, against, group)
        return Cell(change.text, None, change.tone, change.value)

    def change(self, name: str, against: Period, group: Group = TOTAL) -> Change:
        """The change since that period, with what it means."""
        metric, value = self.metric(name), self.value(name, None, group)
        base = self.base(name, against, group)
        text = change(metric, value, base, self.words)
        meaning = _meaning(text, tone(metric, value, base))
        return Change(text, against.title, meaning, changed(metric, value, base))

    def changes(self, name: str, group: Group = TOTAL) -> tuple[Change, ...]:
        """The changes since the period before and since a year ago, where there was something."""
        found = (self.change(name, against, group) for against in self.span.compared)
        return tuple(change for change in found if change.tone is not Tone.MUTED)

    def reasons(self, numbers: Iterable[Number]) -> tuple[str, ...]:
        """Why there are dashes: a sentence a reason, naming the metrics that it holds for."""
        metrics: dict[str, list[str]] = {}
        for number in numbers:
            if number.reason and number.reason != NO_GROUP:
                titles = metrics.setdefault(number.reason, [])
                title = self.metric(number.metric).title
                titles.extend([title] if title not in titles else [])
        return tuple(
            f"{', '.join(titles)}: no value, {reason}." for reason, titles in metrics.items()
        )

    def why(self, names: Iterable[str]) -> str:
        """Why none of these metrics has a value, each reason once."""
        found = (self.number(name).reason for name in names)
        return "; ".join(dict.fromkeys(reason for reason in found if reason))

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Groups that have or had MRR in the periods compared, the largest first."""
        periods = (self.period, *self.span.compared)
        known = {
            tuple(group.items()): group
            for period in periods
            for group in self.context.numbers.groups(self.context.dimension, period=period.label)
        }
        living = [
            group
            for group in known.values()
            if any(self.value("mrr", period, group) for period in periods[:2])
        ]
        return tuple(sorted(living, key=self._size))

    def _size(self, group: Group) -> tuple[float, str]:
        return -(self.value("mrr", None, group) or 0.0), self.name(group)

    @property
    def dimension(self) -> str:
        """What the pack is cut by, in words."""
        return self.context.dimension.replace("_", " ")

    def short(self, period: Period) -> str:
        """The period as the axis of a chart names it."""
        return self.words.short_month(period.start) if period.length == 1 else period.title

    def name(self, group: Group) -> str:
        """What the group is called; a blank name is said to be one."""
        return group[self.context.dimension].strip() or "(blank)"

    def spoken(self, group: Group) -> str:
        """The name as a sentence holds it: what follows a right-to-left one stays on its right."""
        return spoken(self.name(group))


def spoken(name: str) -> str:
    """The name as a sentence holds it: what follows a right-to-left one stays on its right."""
    return name + LEFT_TO_RIGHT if any(bidirectional(c) in {"R", "AL"} for c in name) else name


def _meaning(text: str, told: Tone) -> Tone:
    """What a change means as it is printed: one that rounds to zero is neither good nor bad."""
    if any(each in "123456789" for each in text):
        return told
    return Tone.PLAIN if any(each.isdigit() for each in text) else Tone.MUTED
