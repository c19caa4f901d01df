"""People's Markdown as XHTML that can do no harm."""

import xml.etree.ElementTree as ET

import pytest

from engine.report.markdown import WIDEST, markup, parsed, passages


def said(text: str) -> str:
    return markup(parsed(text).children)


def tree(text: str) -> ET.Element:
    return ET.fromstring(f"<div>{said(text)}</div>")


def test_emphasis_lists_quotes_and_breaks_are_set() -> None:
    text = "a **b** *c* ~~d~~\\\ne\n\n- x\n- y\n\n3. z\n\n> q\n\n---\n"
    assert said(text) == (
        "<p>a <strong>b</strong> <em>c</em> <s>d</s><br/>e</p><ul><li>x</li><li>y</li></ul>"
        '<ol start="3"><li>z</li></ol><blockquote><p>q</p></blockquote><hr/>'
    )


def test_html_is_text() -> None:
    assert said("<script>x</script> a <b>c</b> &amp; &lt;") == (
        "<p>&lt;script&gt;x&lt;/script&gt; a &lt;b&gt;c&lt;/b&gt; &amp; &lt;</p>"
    )
    assert said("<div onclick='x'>\nhi\n</div>").startswith("<p>&lt;div")


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "//host/x", "/x", "#a",
        "ftp://x/y", "http:relative", "vbscript:x", "JaVaScRiPt:1", "&#106;avascript:1",
    ],
)  # fmt: skip
def test_a_link_to_anything_but_pages_and_mailboxes_is_text(target: str) -> None:
    assert "<a" not in said(f"[text]({target})")
    assert "text" in said(f"[text](<{target}>)")


def test_a_link_holds_nothing_but_text() -> None:
    assert said("[a **b** `c`](https://x.y/?a=1&b=2)") == (
        '<p><a href="https://x.y/?a=1&amp;b=2">a b c</a></p>'
    )
    assert said("<mailto:a@b.c>") == '<p><a href="mailto:a@b.c">mailto:a@b.c</a></p>'
    assert said("[](https://x.y)") == '<p><a href="https://x.y">https://x.y</a></p>'


def test_a_picture_is_its_description() -> None:
    assert said("![the *chart*](https://x.y/z.png)") == "<p>the chart</p>"


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("## a\n\nx\n\n#### b\n\nx", ["h3", "h4"]),
        ("# a\n\n## b\n\n### c\n\n# d", ["h3", "h4", "h4", "h3"]),
        ("### a\n\n# b\n\n#### c", ["h3", "h3", "h4"]),
        ("> ## a\n\n## b", ["h3", "h3"]),
    ],
)
def test_headings_are_h3_and_h4_without_a_skipped_level(text: str, tags: list[str]) -> None:
    found = [each.tag for each in tree(text).iter() if each.tag.startswith("h")]
    assert found == tags


def test_a_table_keeps_its_sides_and_has_no_ragged_row() -> None:
    rows = tree("|a|b|c|\n|:-|-:|:-:|\n|1|2|\n|1|2|3|4|\n").findall(".//tr")
    assert [len(row) for row in rows] == [3, 3, 3]
    assert [cell.get("class") for cell in rows[1]] == ["left", "right", "center"]
    assert [cell.get("scope") for cell in rows[0]] == ["col"] * 3


def test_a_table_that_no_page_holds_is_lines_of_text() -> None:
    wide = "|".join("abcdefghijkl"[: WIDEST + 1])
    found = said(f"{wide}\n{'|'.join('-' * (WIDEST + 1))}\n{wide}\n")
    assert "<table" not in found
    assert "<br/>" in found


def test_code_is_plain_lines() -> None:
    assert said("```py\na < b\nc\n```") == "<p>a &lt; b<br/>c</p>"
    assert said("`a<b`") == "<p>a&lt;b</p>"


@pytest.mark.parametrize(
    "text",
    [
        ">" * 500 + "a", "- " * 500 + "a", "[" * 3000, "*a_" * 2000, "#", "- ", "> ", "| |\n|-|\n",
        "a\x00b\x0bc\ud800", "\u202eabc", "<!-- -- -->", "<![CDATA[x]]>", "&#0;&#x1F;&nbsp;",
        "1. \n2. x",
        "* * *", "[a]: http://x\n[a]", "***", "~~~", "<?xml?>", "9999999999. x", "999999999. x",
    ],
)  # fmt: skip
def test_whatever_is_written_is_well_formed(text: str) -> None:
    assert tree(text) is not None


def test_words_are_told_a_passage_each() -> None:
    blocks = parsed("# T\n\na **b**\nc\n\n- x\n  - y\n\n|p|q|\n|-|-|\n|1|2|").children
    assert [each for block in blocks for each in passages(block)] == [
        "T", "a b c", "x", "y", "p  q", "1  2",
    ]  # fmt: skip
