"""The cover: whose review, of when, from what."""

from engine.report.assets import brand_address
from engine.report.blocks import Term
from engine.report.charts.horizon import horizon
from engine.report.colour import WHITE
from engine.report.material import Material
from engine.report.model import Cover


def cover(material: Material) -> Cover:
    """The cover, its art drawn from the company's own MRR."""
    context, words = material.context, material.words
    months = material.span.months
    history = material.series("mrr", months)
    known = [month for month, value in zip(months, history, strict=True) if value is not None]
    line = "A curve"
    if known:
        start, end = (words.month(month.start) for month in (known[0], known[-1]))
        line = f"Monthly recurring revenue from {start} to {end}, drawn as a curve"
    return Cover(
        title=context.title,
        period=context.period.title,
        dates=f"{words.day(context.period.first_day)} – {words.day(context.period.last_day)}",
        facts=_facts(material),
        art=horizon(history, material.look, title=line),
        logo=_logo(material),
        is_dark=material.look.palette.on_cover == WHITE,
    )


def _facts(material: Material) -> tuple[Term, ...]:
    context = material.context
    secrecy = context.brand.confidentiality
    return (
        *((Term("For", context.audience),) if context.audience else ()),
        *(Term(_spoken(name), value) for name, value in context.scope.items()),
        Term("Data as of", material.words.day(context.as_of)),
        Term("Currency", context.currency),
        *((Term("Distribution", secrecy),) if secrecy else ()),
    )


def _spoken(dimension: str) -> str:
    return dimension.replace("_", " ").capitalize()


def _logo(material: Material) -> str:
    """Address of the logo for the cover's ground; empty sets the name in type."""
    brand = material.context.brand
    is_dark = material.look.palette.on_cover == WHITE
    name = brand.logo_on_dark if is_dark else brand.logo
    return brand_address(name) if name else ""
