"""What a message to a pack's readers says."""

from engine.report.abstract import abstract
from engine.report.context import PackContext
from engine.report.pack import report


def test_it_says_what_the_first_chapter_says(context: PackContext) -> None:
    made = report(context)
    found = abstract(made)
    assert found["headline"] == made.sections[1].headline.replace("\u00a0", " ")
    labels = [each["label"] for each in found["kpis"]]
    assert labels[:2] == ["MRR", "ARPU"]
    assert all(each["value"] for each in found["kpis"])
    assert found["findings"]
    assert all(": " in each for each in found["findings"])


def test_a_pack_without_a_summary_has_its_headline_alone(context: PackContext) -> None:
    from dataclasses import replace

    found = abstract(report(replace(context, sections=("revenue",))))
    assert "recognised" in found["headline"]
    assert (found["kpis"], found["findings"]) == ([], [])
