"""A finished report in short, for those who write to its readers."""

from collections.abc import Iterator

from engine.report.blocks import Block, Brief, Findings, Tiles
from engine.report.model import Report


def abstract(report: Report) -> dict[str, object]:
    """The first finding, the headline figures, and what moved, as plain text.

    Returns:
        ``headline``; ``kpis``, each with ``label``, ``value`` and ``change``; ``findings``.
    """
    chapters = [section for section in report.sections if section.anchor != "contents"]
    blocks = [block for section in chapters[:1] for block in section.blocks]
    return {
        "headline": _plain(chapters[0].headline) if chapters else "",
        "kpis": [kpi for block in blocks for kpi in _kpis(block)],
        "findings": [finding for block in blocks for finding in _findings(block)],
    }


def _kpis(block: Block) -> Iterator[dict[str, str]]:
    if isinstance(block, Tiles):
        for tile in block.tiles:
            changes = (f"{each.text} vs {each.against}" for each in tile.changes)
            change = _plain(", ".join(changes))
            yield {"label": tile.label, "value": _plain(tile.value.text), "change": change}


def _findings(block: Block) -> Iterator[str]:
    lists = block.lists if isinstance(block, Brief) else [block]
    for each in lists:
        if isinstance(each, Findings):
            for found in each.findings:
                yield _plain(f"{found.figure}: {found.headline}. {found.text}".strip())


def _plain(text: str) -> str:
    """Without the spaces that only keep words on a line."""
    return text.replace("\u00a0", " ")
