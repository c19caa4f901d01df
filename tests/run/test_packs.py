"""Packs as a workspace declares them: limited, burst, on other paper, in another locale."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time

import polars as pl
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from pypdf import PdfReader

import engine.typesetting
from engine.cli import exit_status
from engine.worker import Limits
from fixtures.stories import write_snapshot

ACCOUNTS = [
    {"account_id": "A", "name": "株式 Tanaka", "region": "EMEA", "segment": "SMB"},
    {"account_id": "B", "name": "Berg", "region": "APAC", "segment": "SMB"},
    {"account_id": "C", "name": "Cato", "region": "../../x<b>", "segment": "Enterprise"},
]
ITEMS = [
    {"account_id": "A", "seats": 10, "amount": 900_00, "valid_from": "2024-05-03"},
    {"account_id": "B", "seats": 4, "amount": 500_00, "valid_from": "2025-07-20"},
    {"account_id": "C", "seats": 7, "amount": 700_00, "valid_from": "2025-01-01"},
]
TOML = """
[workspace]
snapshots = "snapshots"
[brand]
fallback = "other"
[brands.plain]
name = "株式 Plain Ltd"
fallback = "other"
[[packs]]
name = "regions"
burst_by = "region"
sections = ["summary"]
[[packs]]
name = "emea"
brand = "plain"
audience = "The board"
filters = { region = "EMEA" }
paper = "letter"
locale = "de_DE"
sections = ["summary", "segments"]
"""


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """What both packs left."""
    folder = tmp_path_factory.mktemp("packs")
    tables = {"crm/accounts": ACCOUNTS, "billing/subscription_items": ITEMS}
    write_snapshot(folder / "snapshots/2026-10-01", tables)
    (folder / "brand/other").mkdir(parents=True)
    write_font(folder / "brand/other/Two.ttf", "株式 ")
    (folder / "quarterdeck.toml").write_text(TOML)
    assert exit_status(["run", "--period", "2026Q3", "--workspace", str(folder)]) == 0
    return folder / "out/2026Q3"


@pytest.fixture
def fresh(out, tmp_path):
    """The same workspace, in which nothing was made yet."""
    ignored = shutil.ignore_patterns("out", ".quarterdeck")
    return shutil.copytree(out.parents[1], tmp_path / "fresh", ignore=ignored)


def command(folder, *more):
    return ["run", "--period", "2026Q3", *more, "--workspace", str(folder)]


def bytes_of(out):
    """Digest of every file that runs left, by its path."""
    return {
        str(file.relative_to(out)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in out.rglob("*")
        if file.is_file()
    }


def write_font(path, characters):
    """A font that can set those characters alone, each as a box."""
    pen = TTGlyphPen(None)
    for step, corner in enumerate([(50, 0), (50, 700), (900, 700), (900, 0)]):
        (pen.lineTo if step else pen.moveTo)(corner)
    pen.closePath()
    box = pen.glyph()
    names = [".notdef", *(f"u{ord(each):04X}" for each in characters)]
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder(names)
    font.setupCharacterMap({ord(each): f"u{ord(each):04X}" for each in characters})
    font.setupGlyf(dict.fromkeys(names, box))
    font.setupHorizontalMetrics(dict.fromkeys(names, (1000, 50)))
    font.setupHorizontalHeader(ascent=900, descent=-200)
    font.setupNameTable({"familyName": "Two", "styleName": "Regular"})
    font.setupOS2()
    font.setupPost()
    font.save(path)


def text(folder):
    return "\n".join(page.extract_text() for page in PdfReader(folder / "report.pdf").pages)


def run_of(out, pattern):
    (folder,) = out.glob(pattern)
    return folder


def test_each_group_gets_a_pack_of_its_own_with_nothing_of_the_others(out):
    groups = sorted(path.name for path in (out / "regions").iterdir())
    assert [name.rpartition("-")[0] for name in groups] == ["APAC", "EMEA", "x-b"]
    emea = run_of(out, "regions/EMEA-*/2026-10-01-*")
    assert "EMEA" in text(emea)
    for other in ("APAC", "../../x"):
        assert other not in text(emea)
        assert other not in (emea / "metrics.parquet").read_bytes().decode("latin-1")
        assert other not in (emea / "manifest.json").read_text(encoding="utf-8")
    numbers = pl.read_parquet(emea / "metrics.parquet")
    assert numbers.filter(metric="mrr", period="2026Q3", by="")["value"].to_list() == [900.0]


def test_a_group_s_folder_names_its_newest_run(out):
    (group,) = (out / "regions").glob("EMEA-*")
    current = json.loads((group / "current.json").read_text())
    assert (group / current["run"]).is_dir()


def test_a_pack_has_its_own_paper_brand_locale_and_audience(out):
    emea = run_of(out, "emea/2026-10-01-*")
    page = PdfReader(emea / "report.pdf").pages[0]
    size = [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]]
    assert size == [216, 279]
    words = text(emea)
    for each in ("Plain Ltd", "The board", "EMEA", "900,00"):
        assert each in words


def test_a_pack_holds_its_sections_and_says_why_one_is_missing(out):
    words = text(run_of(out, "emea/2026-10-01-*"))
    assert "Not in this pack" in words
    assert "all accounts are in one segment, SMB" in words
    assert "Recognised revenue" not in words


@pytest.mark.parametrize(
    ("pack", "said"),
    [
        ('sections = ["sumary"]', "did you mean `summary`?"),
        ('filters = { region = "EMEA" }\nburst_by = "region"', "both name `region`"),
        ('burst_by = "segment"', "all of the pack has one segment"),
        ('brand = "nobody"', "no brand is called `nobody`"),
        ('filters = { territory = "x" }', "nothing in the snapshot is called `territory`"),
        ('dimensions = ["territory"]', "nothing in the snapshot is called `territory`"),
        ('filters = { region = "Mars" }', "nothing to report for Q3 2026"),
        ('paper = "A5"', "packs.0.paper"),
    ],
)
def test_a_pack_that_cannot_be_made_is_refused(out, tmp_path, capsys, pack, said):
    snapshots = out.parents[1] / "snapshots"
    text = f'[workspace]\nsnapshots = "{snapshots}"\n[[packs]]\nname = "board"\n{pack}\n'
    (tmp_path / "quarterdeck.toml").write_text(text)
    assert exit_status(["run", "--period", "2026Q3", "--workspace", str(tmp_path)]) == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.glob("out/**/*.pdf"))


def test_a_name_is_set_in_the_brand_s_own_fonts(out):
    """Characters that the face lacks come from the fallback folder, not from the machine."""
    run = run_of(out, "emea/2026-10-01-*")
    assert json.loads((run / "manifest.json").read_text())["warnings"] == []
    for page in PdfReader(run / "report.pdf").pages:
        fonts = page["/Resources"]["/Font"].values()
        names = {str(font["/BaseFont"]).partition("+")[2] for font in fonts}
        assert all(name.startswith("Pack-") for name in names)
        assert any(name.startswith("Pack-Other-1") for name in names)


def test_a_group_s_pack_knows_the_one_of_the_quarter_before(out, tmp_path):
    """A change of rules in between is said in it too."""
    text = TOML.replace('"snapshots"', f'"{out.parents[1] / "snapshots"}"')
    asked = ["run", "--pack", "regions", "--workspace", str(tmp_path), "--period"]
    (tmp_path / "brand").symlink_to(out.parents[1] / "brand")
    (tmp_path / "quarterdeck.toml").write_text(text)
    assert exit_status([*asked, "2026Q2"]) == 0
    (tmp_path / "quarterdeck.toml").write_text(f"{text}[policy]\nversion = 2\n")
    assert exit_status([*asked, "2026Q3"]) == 0
    run = run_of(tmp_path, "out/2026Q3/regions/EMEA-*/2026-10-01-*")
    (note,) = json.loads((run / "manifest.json").read_text())["notes"]
    assert "Q2 2026 was counted under policy default, version 1" in note


def test_one_process_makes_the_same_bytes_in_the_same_order_as_several(out, fresh, capsys):
    assert exit_status(command(fresh, "--jobs", "1")) == 0
    alone = capsys.readouterr().out.replace(str(fresh), "")
    assert bytes_of(fresh / "out/2026Q3") == bytes_of(out)
    assert exit_status(command(out.parents[1], "--jobs", "3")) == 0
    assert capsys.readouterr().out.replace(str(out.parents[1]), "") == alone


def test_a_pack_that_takes_too_long_is_named_and_nothing_of_it_is_left(fresh, capsys, monkeypatch):
    monkeypatch.setattr(engine.typesetting, "_LIMITS", Limits(seconds=0.01))
    assert exit_status(command(fresh, "--pack", "regions", "--jobs", "2")) == 2
    error = capsys.readouterr().err
    assert "error: pack-too-slow\n  × regions, " in error
    assert "Q3 2026 was not done within" in error
    assert bytes_of(fresh / "out") == {}


def test_an_interrupted_burst_stops_at_once_and_is_gone_on_with(out, fresh):
    """Interrupted as a terminal does it: every process of the group is."""
    line = [sys.executable, "-c", "from engine.cli import main; main()"]
    line += command(fresh, "--jobs", "2")
    first = subprocess.Popen(
        line, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    )
    limit = time.monotonic() + 60
    while not list(fresh.glob("out/*/regions/*/2026-*")) and time.monotonic() < limit:
        time.sleep(0.02)
    os.killpg(first.pid, signal.SIGINT)
    _, errors = first.communicate(timeout=30)
    assert first.returncode == 130
    assert b"Traceback" not in errors
    assert errors.endswith(b"stopped; nothing half-written is left\n")
    left = bytes_of(fresh / "out/2026Q3")
    assert 0 < len(left) < len(bytes_of(out))
    assert not list(fresh.glob("out/**/.*"))
    assert exit_status(command(fresh, "--jobs", "1")) == 0
    assert bytes_of(fresh / "out/2026Q3") == bytes_of(out)
