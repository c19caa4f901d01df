"""What expansion and contraction came from: seats, price, or products gained and lost."""

from engine.metrics.asks import Ask
from engine.metrics.numbers import Request
from engine.report.blocks import Block, Figure, Pair
from engine.report.chapter import Chapter
from engine.report.charts.columns import Bar
from engine.report.charts.facets import Facet, facets
from engine.report.material import Material
from engine.report.model import Section
from engine.report.phrases import listed
from engine.report.sections.lever_reading import meaning, reading, sentence
from engine.report.sections.lever_tables import (
    LEVERS,
    MOVES,
    NAMES,
    by_group,
    history,
    living,
    printed,
    signed,
    together,
)
from engine.report.sections.mix import SHORT_PAPER
from engine.report.span import Span, labels
from engine.report.table import Table

#: Rows of a table, with the total, that the page bears beside what the levers mean; groups that
#: have a row of their own where they are more.
_FEW, _MOST = 5, 9

_INVOICED = (
    "MRR comes from invoices here, which carry no seats by product: "
    "all that is not a product gained or lost counts as price."
)


def asks(span: Span, dimension: str) -> tuple[Ask, ...]:
    """The levers of the recent periods, and of this one by group and by product."""
    names, recent = (*LEVERS, *MOVES), labels(span.recent)
    ends = labels((span.period, span.previous))
    return (
        Request((*names, "mrr"), recent),
        Request(("mrr",), labels((span.recent[0].before(),))),
        *(
            Request(each, ends, (by,))
            for by in dict.fromkeys((dimension, "product"))
            for each in ((*names, "mrr_transfer"), ("mrr",))
        ),
    )


def section(material: Material) -> Section | str:
    """The levers over the recent periods, what they mean, and where they were pulled."""
    if any(material.value(name) is None for name in (*LEVERS, *MOVES)):
        return material.why((*LEVERS, *MOVES))
    if not any(material.value(name) for name in (*LEVERS, *MOVES)):
        return f"no account that stayed paid more or less in {material.period.title}"
    return Section(
        "levers",
        "Levers of expansion",
        _headline(material),
        _lead(material),
        tuple(_blocks(material)),
    )


def _headline(material: Material) -> str:
    """``Accounts that stayed added $65.8k: price $35.8k, seats $25.4k, products $4.6k``."""
    net = round(together(material, material.period), 6)
    words = material.words
    parts = {name: material.value(name) or 0.0 for name in LEVERS}
    order = sorted(LEVERS, key=lambda name: -abs(parts[name]))
    told = [_told(material, name, parts[name], net) for name in order if parts[name]]
    if len(told) == 1 and net:
        did = "added" if net > 0 else "took off"
        name = NAMES[order[0]].lower()
        return f"Accounts that stayed {did} {words.compact_money(abs(net))}, all by {name}"
    if not net:
        return f"Accounts that stayed neither grew nor shrank: {listed(told)}"
    did = "added" if net > 0 else "took off"
    return f"Accounts that stayed {did} {words.compact_money(abs(net))}: {', '.join(told)}"


def _told(material: Material, name: str, value: float, net: float) -> str:
    """``price $35.8k``; ``less price $1.2k`` where it went against the whole."""
    text = f"{NAMES[name].lower()} {material.words.compact_money(abs(value))}"
    return (text if value * net >= 0 else f"less {text}").replace(" ", "\u00a0")


def _lead(material: Material) -> str:
    rows = max((len(table.rows) for table in _tables(material)), default=0)
    parts = [sentence(material), meaning(material) if _is_crowded(material, rows) else ""]
    parts += [_INVOICED] if _is_invoiced(material) else []
    return " ".join(part for part in parts if part)


def _is_invoiced(material: Material) -> bool:
    return material.context.policy.mrr_source == "invoices"


def _blocks(material: Material) -> list[Block]:
    """A page; where the groups are many, what the levers mean gives way to them."""
    tables = _tables(material)
    rows = max((len(table.rows) for table in tables), default=0)
    blocks: list[Block] = [_chart(material), history(material)]
    if not _is_crowded(material, rows):
        blocks.append(reading(material))
    if len(tables) == 2:
        return [*blocks, Pair(*tables, is_even=True)]
    return [*blocks, *tables]


def _tables(material: Material) -> list[Table]:
    """The levers by the pack's dimension and by product."""
    most = _MOST if material.look.paper.height > SHORT_PAPER else _MOST - 3
    dimensions = dict.fromkeys((material.context.dimension, "product"))
    return [table for each in dimensions if (table := by_group(material, each, most))]


def _is_crowded(material: Material, rows: int) -> bool:
    return rows > (_FEW if material.look.paper.height > SHORT_PAPER else _FEW - 1)


def _chart(material: Material) -> Figure:
    """Each lever over the recent periods, and all together."""
    periods, words = living(material), material.words
    rows = [[material.value(name, period) or 0.0 for name in LEVERS] for period in periods]
    scale = words.scale([sum(row) for row in rows] + [each for row in rows for each in row], most=4)
    units = [printed(row, (), scale) for row in rows]
    fields = tuple(
        Facet(
            name,
            tuple(
                Bar(
                    material.short(period),
                    float(column[at]),
                    signed(material, column[at], scale),
                    is_reported=period == material.period,
                )
                for period, column in zip(periods, units, strict=True)
            ),
            is_sum=at == len(LEVERS),
        )
        for at, name in enumerate((*NAMES.values(), "All three"))
    )
    told = "; ".join(f"{each.name} {each.bars[-1].text}" for each in fields)
    return Figure(
        "What moved the MRR of accounts that stayed",
        f"{scale.unit}, expansion plus contraction; one scale",
        facets(
            fields,
            material.look,
            title=f"Levers in {material.period.title}, {scale.unit}: {told}.",
            width=material.look.paper.measure,
            height=128,
        ),
    )


CHAPTER = Chapter("levers", "Levers of expansion", asks, section)
