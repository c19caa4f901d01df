"""The finished file."""

import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pydyf
import pytest
from page import ValidationProfile, validate_pdf_bytes
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from engine.brand import Brand
from engine.errors import EngineError, EnvironmentFault
from engine.report.archive import finisher, seal
from engine.report.assets import BASE, roots
from engine.report.context import PackContext
from engine.report.html import html
from engine.report.look import A4, LETTER, Paper, look
from engine.report.pack import report
from engine.report.pdf import Enclosure, pdf

Invent = Callable[..., PackContext]


@pytest.fixture(scope="module")
def reader(rendered: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(rendered))


def page(body: str) -> str:
    return f'<html lang="en"><head><title>t</title></head><body>{body}</body></html>'


def test_the_file_says_what_it_is(reader: PdfReader) -> None:
    assert reader.metadata is not None
    assert reader.metadata.title == "Acme Cloud: Quarterly business review, Q3 2026"
    assert reader.metadata.author == "Acme Cloud"
    assert reader.metadata["/CreationDate"] == "D:20261001000000Z"
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_every_page_is_a4(reader: PdfReader) -> None:
    for each in reader.pages:
        width, height = (float(side) / 72 * 25.4 for side in each.mediabox[2:])
        assert (round(width), round(height)) == (210, 297)


def test_its_fonts_are_embedded_and_shipped(reader: PdfReader) -> None:
    """No system font: every page looks the same on every machine."""
    names = set()
    for each in reader.pages:
        for font in each["/Resources"]["/Font"].values():
            descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
            assert "/FontFile2" in descriptor
            names.add(str(descriptor["/FontName"]).partition("+")[2])
    assert {name.partition("-")[0] for name in names} == {"Pack"}


def test_bookmarks_name_the_sections(reader: PdfReader, context: PackContext) -> None:
    titles = [each.title for each in reader.outline if not isinstance(each, list)]
    assert titles == [section.name for section in report(context).sections]
    assert titles[0] == "Contents"


def test_every_page_but_the_cover_names_its_source(reader: PdfReader, context: PackContext) -> None:
    for number, each in enumerate(reader.pages):
        text = each.extract_text()
        assert (context.policy.fingerprint in text) == (number > 0)
        assert (context.run_id in text) == (number > 0)


def test_it_is_the_same_in_another_process(
    context: PackContext, rendered: bytes, markup: str, tmp_path: Path
) -> None:
    """Byte for byte, whatever the hash seed, time zone and working directory."""
    (tmp_path / "pack.html").write_text(markup, encoding="utf-8")
    code = (
        "import sys, pathlib; from engine.report.pdf import pdf; "
        "pathlib.Path('pack.pdf').write_bytes(pdf(pathlib.Path('pack.html').read_text('utf-8')))"
    )
    root = Path(__file__).parents[2]
    setting = {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONPATH": str(root)}
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=setting, check=True)
    assert (tmp_path / "pack.pdf").read_bytes() == rendered


def test_reading_by_expat_gives_the_bytes_of_the_html_parser() -> None:
    from weasyprint import HTML

    from engine.report.fetcher import AssetFetcher

    markup = page('<h1 id="a">One &amp; two</h1><p>β <img src="fonts/none.svg" alt="x"/></p>')
    markup = markup.replace('<img src="fonts/none.svg" alt="x"/>', "<b>bold</b><br/>text")
    markup = markup.replace(
        "</body>", "<ul><li>a</li></ul><ol><li>b<ul><li>c</li></ul></li></ol></body>"
    )
    parsed = HTML(
        string=f"<!DOCTYPE html>{markup}",
        base_url=f"{BASE}templates/",
        url_fetcher=AssetFetcher(roots(None)),
    )
    wanted = parsed.write_pdf(pdf_variant="pdf/a-3a", finisher=finisher({}))
    assert pdf(markup) == wanted


@pytest.mark.parametrize("profile", [ValidationProfile.PDF_UA_1, ValidationProfile.PDF_A_3A])
@pytest.mark.parametrize("paper", [A4, LETTER])
def test_it_is_accessible_and_archivable(
    context: PackContext, profile: ValidationProfile, paper: Paper, made: dict[str, bytes]
) -> None:
    if paper.name not in made:
        pack = report(replace(context, paper=paper))
        places = {section.anchor: section.name for section in pack.sections}
        file = Enclosure("metrics.parquet", "Numbers", b"PAR1" * 999)
        made[paper.name] = pdf(html(pack), enclosures=[file], places=places)
    found = validate_pdf_bytes(made[paper.name], profile=profile)
    assert [each.message for each in found.failures] == []


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    """Packs by paper, rendered once for both profiles."""
    return {}


def test_files_lie_inside_with_what_they_are() -> None:
    file = Enclosure("metrics.parquet", "Every number", b"PAR1 content")
    once, again = (pdf(page("<p>x</p>"), enclosures=[file], dated=date(2026, 10, 1)) for _ in "ab")
    (found,) = PdfReader(io.BytesIO(once)).attachment_list
    assert (found.name, found.content, found.description) == (file.name, file.content, file.about)
    assert once == again


def test_a_stream_never_ends_in_a_carriage_return() -> None:
    """The last byte of a packed stream is its checksum's, so of 600 some would."""
    for size in range(600):
        stream = pydyf.Stream([b"x" * size], compress=True)
        seal(stream)
        content = stream.data.removesuffix(b"\nendstream")
        assert not content.endswith(b"\r")


def test_links_are_read_out_by_the_name_of_their_place() -> None:
    markup = page('<h1 id="a">Place</h1><p><a href="#a">here</a></p>')
    annotation = PdfReader(io.BytesIO(pdf(markup, places={"a": "The place"}))).pages[0]["/Annots"][
        0
    ]
    assert annotation.get_object()["/Contents"] == "Go to The place"


def test_header_cells_say_whether_they_head_a_row_or_a_column() -> None:
    markup = page(
        "<table><thead><tr><th scope='col'>c</th><th scope='col'>d</th></tr></thead>"
        "<tbody><tr><th scope='row'>r</th><td>1</td></tr></tbody></table>"
    )
    tree = PdfReader(io.BytesIO(pdf(markup))).trailer["/Root"]["/StructTreeRoot"]
    found = [each["/A"].get("/Scope") for each in elements(tree) if each.get("/S") == "/TH"]
    assert found == ["/Column", "/Column", "/Row"]


def elements(parent: DictionaryObject) -> Iterator[DictionaryObject]:
    """All elements of the structure tree, in reading order."""
    for each in parent.get("/K", []):
        child = each.get_object()
        if isinstance(child, DictionaryObject):
            yield child
            yield from elements(child)


def test_a_warning_of_the_renderer_is_a_failure() -> None:
    with pytest.raises(EngineError, match="renderer warned") as failure:
        pdf(page('<p style="colour: red">x</p>'))
    assert failure.value.reference == "render-warning"


def test_markup_that_is_not_well_formed_is_a_failure() -> None:
    with pytest.raises(EngineError, match="not well-formed"):
        pdf("<html><body><p>unclosed</body></html>")


BLOCKED = {
    "a parent": '<img src="../engine/x.svg" alt=""/>',
    "an encoded parent": '<img src="%2e%2e/%2e%2e/pyproject.svg" alt=""/>',
    "a file": '<img src="file:///etc/passwd" alt=""/>',
    "a file in capitals": '<img src="FILE:///etc/passwd" alt=""/>',
    "the network": '<img src="http://169.254.169.254/latest/" alt=""/>',
    "another host": '<img src="https://example.org/templates/css/page.css" alt=""/>',
    "data": '<img src="data:image/png;base64,iVBORw0KGgo=" alt=""/>',
    "an attachment": '<a rel="attachment" href="file:///etc/passwd">x</a>',
    "an attached link": '<link rel="attachment" href="file:///etc/passwd"/>',
    "an import": "<style>@import url(http://127.0.0.1:9/x.css);</style>",
    "a background": '<p style="background: url(file:///etc/passwd)">x</p>',
    "a font": "<style>@font-face{font-family:x;src:url(file:///etc/passwd)}</style>",
    "an object": '<object data="file:///etc/passwd"></object>',
    "an embedded one": '<embed src="file:///etc/passwd"/>',
    "generated content": "<style>p::before{content:url(file:///etc/passwd)}</style><p>x</p>",
    "a template": '<img src="report.html.j2" alt=""/>',
    "a missing file": '<img src="fonts/none.svg" alt=""/>',
    "the brand where there is none": f'<img src="{BASE}brand/logo.svg" alt=""/>',
}


@pytest.mark.parametrize("what", BLOCKED)
def test_nothing_outside_the_templates_is_read(what: str) -> None:
    with pytest.raises(EngineError) as failure:
        pdf(page(BLOCKED[what]))
    assert failure.value.reference == "asset-blocked"


DRAWN = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'width="9" height="9"><image xlink:href="file:///etc/passwd" width="9" height="9"/></svg>'
)


def test_nothing_is_read_for_a_drawing_in_a_page() -> None:
    with pytest.raises(EngineError) as failure:
        pdf(page(DRAWN))
    assert failure.value.reference == "drawing"


def test_a_link_out_of_the_brand_folder_is_not_followed(tmp_path: Path) -> None:
    brand, secret = tmp_path / "brand", tmp_path / "secret.svg"
    brand.mkdir()
    secret.write_text(LOGO)
    (brand / "logo.svg").symlink_to(secret)
    with pytest.raises(EngineError, match="outside"):
        pdf(page(f'<img src="{BASE}brand/logo.svg" alt=""/>'), brand_folder=brand)


def test_a_logo_that_fetches_is_stopped(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text(DRAWN)
    with pytest.raises(EngineError, match="renderer warned"):
        pdf(page(f'<p><img src="{BASE}brand/logo.svg" alt="x"/></p>'), brand_folder=tmp_path)


LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10" width="40" height="10">'
    '<title>Acme</title><rect width="40" height="10" fill="#fff"/></svg>'
)


def test_a_brand_gives_the_same_bytes_wherever_its_folder_lies(
    invent: Invent, tmp_path: Path
) -> None:
    """Only the cover is drawn here: a short history, and no section that can be made."""
    made = []
    names = invent().definitions
    for place in ("one", "other/deeper"):
        folder = tmp_path / place
        folder.mkdir(parents=True)
        (folder / "logo dark.svg").write_text(LOGO)
        brand = Brand(name="Acme", logo_on_dark="logo dark.svg")
        context = invent(brand=brand, missing=dict.fromkeys(names, "nothing"))
        context = replace(context, brand_folder=folder)
        made.append(pdf(html(report(context)), brand_folder=folder))
    assert made[0] == made[1]


def test_a_character_that_no_font_has_stops_the_pack_and_says_what_to_do() -> None:
    with pytest.raises(EnvironmentFault) as raised:
        pdf(page("<p>A\U0010fffd</p>"))
    assert raised.value.exit_status == 2
    assert "U+10FFFD" in raised.value.message
    assert "fallback" in raised.value.hint


def test_characters_beyond_the_pack_s_fonts_are_known_before_it_is_drawn() -> None:
    face = look(Brand(), None).typeface
    assert face.lacking("Über Ōsaka, 株式 – αβγ Ж 株") == ("株", "式")
    assert face.lacking("plain\u200e text\n") == ()
