"""A page reads nothing but what is shipped and the brand's, and leads nowhere it should not.

Each probe is a way that has led out of some renderer; ``tests/report/test_pdf.py`` has the plain
ones, these are the roundabout ones.
"""

import io
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from jinja2.exceptions import SecurityError
from pypdf import PdfReader

from engine.errors import EngineError
from engine.report.assets import BASE
from engine.report.html import _environment
from engine.report.markup import printable
from engine.report.pdf import pdf

SVG = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
SIZE = 'width="9" height="9"'


class _Listener(BaseHTTPRequestHandler):
    asked: list[str] = []  # noqa: RUF012

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[HTTPServer]:
    """A server on this machine that remembers what it was asked."""
    made = HTTPServer(("127.0.0.1", 0), _Listener)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A drawing outside every folder that a page may read."""
    path = tmp_path / "secret.svg"
    path.write_text(f"<svg {SVG} {SIZE}><text>SECRET-4711</text></svg>")
    return path


@pytest.fixture
def brand(tmp_path: Path, secret: Path) -> Path:
    """A brand's folder with links that lead out of it."""
    folder = tmp_path / "brand"
    (folder / "inner").mkdir(parents=True)
    (folder / "out.svg").symlink_to(secret)
    (folder / "inner/up").symlink_to(folder.parent)
    return folder


def page(body: str, head: str = "") -> str:
    return f'<html lang="en"><head><title>t</title>{head}</head><body>{body}</body></html>'


PROBES = {
    "http": '<img src="{http}/a.png" alt=""/>',
    "http in capitals": '<img src="HTTP://127.0.0.1:{port}/a.png" alt=""/>',
    "no scheme": '<img src="//127.0.0.1:{port}/a.png" alt=""/>',
    "ftp": '<img src="ftp://127.0.0.1/a.png" alt=""/>',
    "data": '<img src="data:image/svg+xml,%3Csvg/%3E" alt=""/>',
    "file": '<img src="file://{secret}" alt=""/>',
    "file with a host": '<img src="file://localhost{secret}" alt=""/>',
    "a path": '<img src="{secret}" alt=""/>',
    "a parent": '<img src="{base}brand/../secret.svg" alt=""/>',
    "an encoded parent": '<img src="{base}brand/%2e%2e/secret.svg" alt=""/>',
    "a twice encoded parent": '<img src="{base}brand/%252e%252e/secret.svg" alt=""/>',
    "an encoded slash": '<img src="{base}brand/..%2fsecret.svg" alt=""/>',
    "a backslash": '<img src="{base}brand/..%5csecret.svg" alt=""/>',
    "an absolute path within": '<img src="{base}brand/{secret}" alt=""/>',
    "a null byte": '<img src="{base}brand/out.svg%00.png" alt=""/>',
    "another port": '<img src="https://quarterdeck.invalid:{port}/brand/x.svg" alt=""/>',
    "a name and password": '<img src="https://a:b@quarterdeck.invalid/brand/x.svg" alt=""/>',
    "a link out": '<img src="{base}brand/out.svg" alt=""/>',
    "a link to a folder out": '<img src="{base}brand/inner/up/secret.svg" alt=""/>',
    "an attachment": '<a rel="attachment" href="file://{secret}">x</a>',
    "a style in a list of sources": '<img srcset="{http}/a.png 2x" src="{http}/b.png" alt=""/>',
    "a background": '<p style="background:url({http}/a.png)">x</p>',
    "a list marker": '<ul><li style="list-style:url(file://{secret})">x</li></ul>',
    "generated content": "<style>p::after{{content:url(file://{secret})}}</style><p>x</p>",
    "an image set": "<style>p{{border-image:url({http}/a.png) 1}}</style><p>x</p>",
    "an object": '<object data="file://{secret}" type="image/svg+xml"></object>',
    "an embedded one": '<embed src="file://{secret}" type="image/svg+xml"/>',
    "a drawing’s image": '<svg {svg} {size}><image href="file://{secret}" {size}/></svg>',
    "a drawing’s part": '<svg {svg} {size}><use xlink:href="file://{secret}#a"/></svg>',
    "a drawing’s style": "<svg {svg} {size}><style>@import url({http}/a.css);</style>"
    '<rect {size} fill="url({http}/p.svg#a)"/></svg>',
    "a link that runs": '<p><a href="javascript:alert(1)">x</a></p>',
    "a link that runs, in disguise": '<p><a href=" JaVa&#9;Script:alert(1)">x</a></p>',
    "a link to a file": '<p><a href="file://{secret}">x</a></p>',
    "a link to a program": '<p><a href="ms-msdt:/id">x</a></p>',
    "a link of a drawing": '<svg {svg} {size}><a xlink:href="file://{secret}">x</a></svg>',
}
HEADS = {
    "a base": '<base href="file://{folder}/"/>',
    "an attached link": '<link rel="attachment" href="file://{secret}"/>',
    "a style sheet": '<link rel="stylesheet" href="{http}/a.css"/>',
    "a style sheet in a file": '<link rel="stylesheet" href="file://{secret}"/>',
    "an import": "<style>@import '{http}/a.css';</style>",
    "a font": "<style>@font-face{{font-family:x;src:url({http}/x.ttf)}}</style>",
    "a font in a file": "<style>@font-face{{font-family:x;src:url(file://{secret})}}</style>",
}


@pytest.mark.parametrize("probe", [*PROBES, *HEADS])
def test_nothing_leads_out_of_a_page(
    probe: str, server: HTTPServer, secret: Path, brand: Path
) -> None:
    """It is refused, and nobody was asked for anything meanwhile."""
    port = server.server_port
    values = {
        "http": f"http://127.0.0.1:{port}",
        "port": port,
        "secret": secret,
        "folder": secret.parent,
        "base": BASE,
        "svg": SVG,
        "size": SIZE,
    }
    body = PROBES.get(probe, '<p>x</p><img src="secret.svg" alt=""/>').format(**values)
    head = HEADS.get(probe, "").format(**values)
    with pytest.raises(EngineError) as failure:
        pdf(page(body, head), brand_folder=brand)
    assert failure.value.reference in {"asset-blocked", "render-warning", "drawing"}
    assert _Listener.asked == []


def test_a_font_of_the_machine_is_not_taken_by_name() -> None:
    """Pages look the same on every machine; a system's font would be another on each."""
    style = "<style>@font-face{font-family:x;src:local('DejaVu Sans')}p{font-family:x}</style>"
    with pytest.raises(EngineError):
        pdf(page("<p>x</p>", style))


@pytest.mark.parametrize("href", ["#a", "https://example.org/x", "mailto:a@example.org"])
def test_links_within_to_the_web_and_to_people_are_kept(href: str) -> None:
    written = pdf(page(f'<h1 id="a">x</h1><p><a href="{href}">x</a></p>'))
    assert PdfReader(io.BytesIO(written)).pages[0]["/Annots"]


@pytest.mark.parametrize(
    "attribute", ['background="{}"', 'width="1;background:url({})"', 'style2="a:url({})"']
)
def test_attributes_of_old_html_are_no_style(attribute: str, server: HTTPServer) -> None:
    """Presentational hints stay off: they have let text in attributes become style."""
    told = attribute.format(f"http://127.0.0.1:{server.server_port}/x.png")
    pdf(page(f"<table {told}><tr><td {told}>x</td></tr></table>"))
    assert _Listener.asked == []


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        '"><img src=file:///etc/passwd>',
        "</style><style>@import url(http://127.0.0.1:9/x);</style>",
        "<svg onload=alert(1)><image href='file:///etc/passwd'/></svg>",
        "]]><!ENTITY x SYSTEM 'file:///etc/passwd'>&x;",
        "{{ 7 * 7 }}{% include '/etc/passwd' %}",
        "\x00\x1b[31m\u202eevil",
        "../../x",
    ],
)
def test_text_from_data_stays_text(name: str) -> None:
    template = _environment().from_string('<p title="{{ name }}">{{ name }}</p>')
    written = pdf(page(template.render(name=name)))
    shown = PdfReader(io.BytesIO(written)).pages[0].extract_text()
    assert "".join(shown.split()) == "".join(printable(name).split())


def test_an_entity_that_grows_is_refused() -> None:
    """A billion laughs: a page declares no entities, and expat knows when one explodes."""
    entities = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    bomb = f'<!DOCTYPE html [<!ENTITY e0 "ha">{entities}]>{page("<p>&e9;</p>")}'
    with pytest.raises(EngineError, match="not well-formed"):
        pdf(bomb)


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ html.__globals__ }}",
        "{{ [].append(1) }}",
        "{{ '{0.__class__}'.format(1) }}",
    ],
)
def test_a_template_reaches_nothing_behind_what_it_is_given(template: str) -> None:
    with pytest.raises(SecurityError):
        _environment().from_string(template).render(html=pdf)


@pytest.mark.parametrize("name", ["/etc/passwd", "../pyproject.toml", "..%2fpyproject.toml"])
def test_a_template_includes_no_file_from_elsewhere(name: str) -> None:
    from jinja2 import TemplateNotFound

    with pytest.raises(TemplateNotFound):
        _environment().from_string(f"{{% include '{name}' %}}").render()
