"""What headlines and findings say, from numbers made for the case."""

from collections.abc import Callable
from dataclasses import replace

import polars as pl
import pytest

from engine.metrics.numbers import Numbers, group_text
from engine.report.context import PackContext
from engine.report.insights import findings
from engine.report.look import look
from engine.report.material import Material
from engine.report.mix import mix_shift
from engine.report.phrases import listed, moved, spelled
from engine.report.reading import reasoning
from engine.report.sections import summary, trend
from engine.report.tone import Tone
from engine.report.words import Words

Rows = dict[tuple[str, str, str], tuple[float, float | None]]
Edit = Callable[[Rows], Material]


@pytest.fixture
def edited(context: PackContext) -> Edit:
    """The usual company with some sums replaced, by metric, period and segment."""

    def made(rows: Rows) -> Material:
        frame = context.numbers.frame
        for (metric, period, segment), (top, below) in rows.items():
            group = group_text({"segment": segment} if segment else {})
            here = (
                (pl.col("metric") == metric)
                & (pl.col("period") == period)
                & (pl.col("group") == group)
            )
            value = top / below if below else top
            frame = frame.with_columns(
                pl.when(here).then(pl.lit(new)).otherwise(pl.col(name)).alias(name)
                for name, new in (("numerator", top), ("denominator", below), ("value", value))
            )
        replaced = replace(context, numbers=Numbers(frame))
        return Material(replaced, Words("en_US", "USD"), look(context.brand, None))

    return made


def test_a_headline_states_value_and_change(edited: Edit) -> None:
    material = edited({("mrr", "2026Q2", ""): (1e6, None), ("mrr", "2026Q3", ""): (1.032e6, None)})
    assert moved(material, "mrr", material.span.previous).replace("\u00a0", " ") == (
        "rose 3.2% to $1.03m"
    )


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (100.0, 96.9, "fell 3.1% to $96.90"),
        (100.0, 100.02, "held at $100"),
        (0.0, 96.9, "is $96.90"),
        (-5.0, 96.9, "is $96.90"),
        (1.0, 96.9, "rose 999% to $96.90"),
    ],
)
def test_a_base_that_is_not_above_zero_gives_no_percentage(
    edited: Edit, before: float, now: float, said: str
) -> None:
    material = edited({("arpu", "2026Q2", ""): (before, 1.0), ("arpu", "2026Q3", ""): (now, 1.0)})
    text = moved(material, "arpu", material.span.previous).replace("\u00a0", " ")
    assert text.replace("$100.02", "$100") == said


def test_a_mix_shift_is_called_one(edited: Edit) -> None:
    """Each segment's ARPU rises and the total falls: SMB, the cheap one, has grown.

    users@ARPU   Enterprise   Mid-market     SMB     total
    2026Q2            4@125        3@100   3@33.3    10@90
    2026Q3            4@130        3@110   13@35     20@65.25
    """
    material = edited(
        {
            ("arpu", "2026Q2", ""): (900.0, 10.0),
            ("arpu", "2026Q3", ""): (1305.0, 20.0),
            ("arpu", "2026Q2", "Enterprise"): (500.0, 4.0),
            ("arpu", "2026Q3", "Enterprise"): (520.0, 4.0),
            ("arpu", "2026Q2", "Mid-market"): (300.0, 3.0),
            ("arpu", "2026Q3", "Mid-market"): (330.0, 3.0),
            ("arpu", "2026Q2", "SMB"): (100.0, 3.0),
            ("arpu", "2026Q3", "SMB"): (455.0, 13.0),
        }
    )
    assert mix_shift(material, "arpu") == (
        "ARPU rose in every segment, yet fell in total: SMB now holds 65% of users, up from 30%"
    )
    assert summary.section(material).headline.endswith("on\u00a0mix\u00a0alone")


def test_no_mix_shift_where_segments_moved_as_the_total_did(context: PackContext) -> None:
    material = Material(context, Words("en_US", "USD"), look(context.brand, None))
    assert mix_shift(material, "arpa") == ""


def test_findings_are_ranked_by_money_and_name_where_most_came_from(context: PackContext) -> None:
    material = Material(context, Words("en_US", "USD"), look(context.brand, None))
    found = findings(material)
    assert [each.figure for each in found[:2]] == ["+$58.9k", "−$48.9k"]
    assert found[0].headline == "140 new accounts"
    assert found[0].text == "$26.0k of it in Enterprise. It was $51.7k in Q2 2026."
    assert (found[0].tone, found[1].tone) == (Tone.GOOD, Tone.BAD)


def test_noise_is_no_finding(edited: Edit) -> None:
    material = edited({(name, "2026Q3", ""): (5.0, None) for name in ("mrr_new", "mrr_churn")})
    assert all("new account" not in each.headline for each in findings(material))


def test_an_average_is_explained_by_the_factor_that_moved(edited: Edit) -> None:
    material = edited(
        {
            ("arpa", "2026Q2", ""): (1000.0, 1.0),
            ("arpa", "2026Q3", ""): (900.0, 1.0),
            ("arppu", "2026Q2", ""): (100.0, 1.0),
            ("arppu", "2026Q3", ""): (100.0, 1.0),
            ("seats_per_account", "2026Q2", ""): (10.0, 1.0),
            ("seats_per_account", "2026Q3", ""): (9.0, 1.0),
        }
    )
    assert reasoning(material).startswith(
        "ARPA fell because accounts hold fewer paid seats (9.00, −10.0%)."
    )


def test_a_run_of_quarters_is_counted(context: PackContext) -> None:
    material = Material(context, Words("en_US", "USD"), look(context.brand, None))
    section = trend.section(material)
    assert section is not None
    assert section.headline.replace("\u00a0", " ") == (
        "MRR is up for 8 quarters in a row; ARPU is down for 8"
    )


def test_the_summary_names_mix_alone_only_where_it_is(context: PackContext) -> None:
    material = Material(context, Words("en_US", "USD"), look(context.brand, None))
    assert "mix" not in summary.section(material).headline


def test_formulas_are_spelled_for_readers() -> None:
    assert spelled("mrr / paid_seats") == "MRR ÷ paid seats"
    assert spelled("accounts counted by mrr_new") == "accounts counted by new MRR"


def test_lists_read_as_sentences() -> None:
    assert [listed(parts) for parts in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
