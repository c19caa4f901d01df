"""What the README says is what the code does."""

import re
from pathlib import Path

from engine.cli.app import app
from engine.metrics.definitions import DEFINITIONS

README = Path(__file__).parents[1].joinpath("README.md").read_text(encoding="utf-8")


def test_the_metric_table_is_the_definitions():
    """Paste what is missing; the table's lines are made of the definitions."""
    rows = [f"| `{m.id}` | {m.formula} | {m.unit.value} |" for m in DEFINITIONS.values()]
    head = "| metric | is | unit |\n| --- | --- | --- |\n"
    assert head + "\n".join(rows) + "\n\n" in README


def test_every_command_is_in_the_table_of_commands():
    documented = set(re.findall(r"^\| `qbr (\w+)", README, re.MULTILINE))
    assert documented == {command.name for command in app.registered_commands}


def test_the_picture_is_there():
    (picture,) = re.findall(r"!\[.*?\]\((.*?)\)", README)
    assert Path(__file__).parents[1].joinpath(picture).is_file()
