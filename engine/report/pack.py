"""The pack: what it asks of the engine, and the report made of the answers."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from engine.errors import UsageError, nearest
from engine.metrics.asks import Ask
from engine.metrics.numbers import Request
from engine.period import Period
from engine.report.breadths import laid_out
from engine.report.chapter import Chapter
from engine.report.context import PackContext
from engine.report.look import look
from engine.report.material import Material
from engine.report.model import Report, Section
from engine.report.sections import (
    appendix,
    averages,
    cohorts,
    commentary,
    concentration,
    contents,
    definitions,
    economics,
    glossary,
    groups,
    levers,
    mix,
    movements,
    pipeline,
    quality,
    recognised,
    restated,
    retention,
    scorecard,
    summary,
    trend,
)
from engine.report.sections.cover import cover
from engine.report.span import Span, labels
from engine.report.words import Words

#: Every chapter, in the order of a pack that names none.
CHAPTERS: tuple[Chapter, ...] = (
    summary.CHAPTER,
    scorecard.CHAPTER,
    commentary.CHAPTER,
    trend.CHAPTER,
    movements.CHAPTER,
    averages.CHAPTER,
    groups.CHAPTER,
    mix.CHAPTER,
    cohorts.CHAPTER,
    retention.CHAPTER,
    levers.CHAPTER,
    economics.CHAPTER,
    pipeline.CHAPTER,
    concentration.CHAPTER,
    recognised.CHAPTER,
    restated.CHAPTER,
    quality.CHAPTER,
    appendix.CHAPTER,
    glossary.CHAPTER,
    definitions.CHAPTER,
)


def chapters(keys: Collection[str]) -> tuple[Chapter, ...]:
    """The chapters of those keys, in their order; all where none is named.

    Raises:
        UsageError: There is no such chapter.
    """
    known = {chapter.key: chapter for chapter in CHAPTERS}
    for key in keys:
        if key not in known:
            hint = nearest(key, known)
            raise UsageError("sections", f"no section is called `{key[:40]}`", hint=hint)
    return tuple(known[key] for key in keys) if keys else CHAPTERS


def asks(
    period: Period, dimensions: Collection[str], keys: Collection[str] = ()
) -> tuple[Ask, ...]:
    """Everything that the pages look up, no ask twice."""
    span, wanted = Span(period), list[Ask]()
    wanted.append(Request(("mrr",), labels(span.months)))  # for the cover
    for chapter in chapters(keys):
        is_every = chapter.is_cut or chapter.takes_cuts
        cuts = dimensions if is_every else list(dimensions)[:1]
        wanted += [ask for dimension in cuts for ask in chapter.asks(span, dimension)]
    return tuple(dict.fromkeys(wanted))


def report(context: PackContext) -> Report:
    """The pack as a value; a section that cannot be made is left out with the reason."""
    words = Words(context.locale, context.currency)
    appearance = look(context.brand, context.brand_folder, context.paper)
    material = Material(context, words, appearance)
    made = list(_made(material))
    left_out = {name: each for name, each in made if isinstance(each, str)}
    sections = tuple(laid_out(each, appearance) for _, each in made if isinstance(each, Section))
    period, within = context.period.title, context.scope.values()
    return Report(
        title=", ".join(
            (f"{context.brand.name}: {context.title}", period, *context.scope.values())
        ),
        company=context.brand.name,
        period=period,
        description=f"{context.title} of {context.brand.name} for {period}, "
        f"made from the snapshot of {context.snapshot}",
        created=f"{context.as_of.isoformat()}T00:00:00Z",
        confidentiality=context.brand.confidentiality,
        footer=_footer(context),
        generator=f"Quarterdeck {context.engine_version}",
        look=material.look,
        cover=cover(material),
        sections=(contents.section(material, sections, left_out), *sections),
        left_out=left_out,
        within=", ".join(within),
    )


def _made(material: Material) -> Iterator[tuple[str, Section | str | None]]:
    """What became of each chapter, by its name; one that is cut, for each dimension."""
    context = material.context
    for chapter in chapters(context.sections):
        for at, dimension in enumerate(context.dimensions):
            if at == 0 or chapter.is_cut:
                cut = replace(material, context=replace(context, dimension=dimension))
                made = chapter.section(cut)
                if isinstance(made, Section) and at:
                    made = replace(made, anchor=f"{made.anchor}-{at + 1}")
                yield chapter.name.format(dimension=cut.dimension), made


def _footer(context: PackContext) -> str:
    """What a page was made from, short enough for its foot."""
    parts = (
        f"Snapshot {context.snapshot}",
        f"Policy {context.policy.fingerprint}",
        f"Definitions {context.definitions_fingerprint}",
        f"Run {context.run_id}",
    )
    return "  ·  ".join(parts)
