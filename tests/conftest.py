"""A whole company in a test: tables in, the command line's numbers out."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.cli import exit_status
from fixtures.stories import write_snapshot


@dataclass
class Company:
    """A workspace with one snapshot, asked through the command line."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    def ask(self, *arguments: str) -> tuple[int, str, str]:
        """Exit status, standard output and standard error of one command."""
        status = exit_status([*arguments, "--workspace", str(self.folder)])
        captured = self.capsys.readouterr()
        return status, captured.out, captured.err

    def rows(self, *arguments: str) -> list[dict[str, object]]:
        """What ``qbr metrics --format json`` answers."""
        status, out, err = self.ask("metrics", "--format", "json", *arguments)
        assert status == 0, err
        return json.loads(out)

    def values(self, metric: str, *arguments: str) -> dict[str, float | None]:
        """The metric's value by group, the group's labels joined by a slash; "" is the total."""
        rows = self.rows("--metric", metric, *arguments)
        return {"/".join(row["group"].values()): row["value"] for row in rows}

    def value(self, metric: str, *arguments: str) -> float | None:
        """The metric's value in total."""
        return self.values(metric, *arguments)[""]


MakeCompany = Callable[..., Company]


@pytest.fixture
def company(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> MakeCompany:
    """Writes tables (see ``fixtures.stories``) and a workspace file; more of it as TOML text."""

    def make(
        tables: Mapping[str, Sequence[Mapping[str, object]]],
        toml: str = "",
        as_of: str = "2026-10-01",
        settings: str = "",
    ) -> Company:
        write_snapshot(tmp_path / "snapshots" / as_of, tables)
        text = f'[workspace]\nsnapshots = "snapshots"\n{settings}\n{toml}\n'
        (tmp_path / "quarterdeck.toml").write_text(text)
        return Company(tmp_path, capsys)

    return make
