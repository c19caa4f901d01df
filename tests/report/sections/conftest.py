"""A small invented company, counted by the engine, for the chapters' pages."""

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.analysis import Analysis
from engine.config import read
from engine.edition import Edition
from engine.report.context import PackContext
from engine.settings.pack import Pack
from fixtures.company import write_company

Contexts = Callable[..., PackContext]


@pytest.fixture(scope="session")
def northbeam(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    """The demo company with 300 accounts, its snapshot of 1 October 2026 opened."""
    folder = tmp_path_factory.mktemp("northbeam")
    write_company(folder / "snapshots", accounts=300)
    return opened(folder)


@pytest.fixture(scope="session")
def counted(northbeam: Analysis) -> Contexts:
    """The context of a pack with those chapters: ``counted("cohorts", filters={...})``."""

    def made(*sections: str, period: str = "2026Q3", **pack: object) -> PackContext:
        wanted = Pack.model_validate({"name": "board", "sections": sections, **pack})
        return Edition(northbeam, wanted, northbeam.period(period)).context()

    return made


def opened(folder: Path, settings: str = "") -> Analysis:
    """The latest snapshot of a folder, in a workspace with those further settings as TOML."""
    text = f'[workspace]\nsnapshots = "snapshots"\n{settings}\n'
    (folder / "quarterdeck.toml").write_text(text, encoding="utf-8")
    return Analysis.open(read(folder / "quarterdeck.toml"))
