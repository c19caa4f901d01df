"""Markdown as well-formed XHTML that holds nothing but text, its emphasis and harmless links.

HTML in it, pictures and links to anything but pages and mailboxes stand there as plain text.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from engine.report.markup import escaped

#: Wider tables are set as lines of text: no page holds them.
WIDEST = 8

_BLOCKS = {"bullet_list": "ul", "ordered_list": "ol", "list_item": "li", "blockquote": "blockquote"}
_MARKS = {"strong": "strong", "em": "em", "s": "s"}
_ALIGNED = re.compile(r"text-align:(left|center|right)")


def parsed(text: str) -> SyntaxTreeNode:
    """The text as a tree of blocks; at most 20 deep."""
    return SyntaxTreeNode(_parser().parse(text))


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def markup(blocks: Sequence[SyntaxTreeNode]) -> str:
    """The blocks as XHTML; the first heading and those as high become h3, lower ones h4."""
    levels = (level for block in blocks for level in _levels(block))
    first = next(levels, 1)
    return "".join(_block(block, first) for block in blocks)


def words(node: SyntaxTreeNode) -> str:
    """What the node says, without its marks."""
    if node.type in {"text", "code_inline", "fence", "code_block"}:
        return node.content
    if node.type in {"softbreak", "hardbreak"}:
        return " "
    return "".join(words(each) for each in node.children)


def passages(block: SyntaxTreeNode) -> Iterator[str]:
    """The block's words, a passage for each paragraph, heading, item and row of a table."""
    if block.type == "tr":
        yield "  ".join(words(cell) for cell in block.children)
    elif block.type == "inline" or not block.children:
        yield words(block)
    else:
        for each in block.children:
            yield from passages(each)


def _levels(block: SyntaxTreeNode) -> Iterator[int]:
    return (_level(each) for each in block.walk() if each.type == "heading")


def _level(heading: SyntaxTreeNode) -> int:
    return int(heading.tag[1])


def _block(node: SyntaxTreeNode, first: int) -> str:
    inner = "".join(_block(each, first) for each in node.children if each.type != "inline")
    match node.type:
        case "heading":
            return _tagged("h3" if _level(node) <= first else "h4", _inline(node.children))
        case "paragraph":
            text = _inline(node.children)
            return text if node.hidden else _tagged("p", text)
        case "bullet_list" | "ordered_list" | "list_item" | "blockquote":
            return _tagged(_BLOCKS[node.type], inner, _start(node))
        case "table":
            return _table(node)
        case "hr":
            return "<hr/>"
        case _:
            return _lines(node.content.splitlines())


def _start(node: SyntaxTreeNode) -> str:
    start = node.attrs.get("start")
    return f' start="{int(start)}"' if start is not None else ""


def _tagged(tag: str, content: str, attributes: str = "") -> str:
    return f"<{tag}{attributes}>{content}</{tag}>" if content.strip() else ""


def _lines(texts: Iterable[str]) -> str:
    return _tagged("p", "<br/>".join(escaped(text) for text in texts))


def _table(node: SyntaxTreeNode) -> str:
    rows = [row for part in node.children for row in part.children]
    if len(rows[0].children) > WIDEST:
        return _lines("  ".join(words(cell) for cell in row.children) for row in rows)
    head, *body = ("".join(_cell(cell) for cell in row.children) for row in rows)
    inner = "".join(f"<tr>{row}</tr>" for row in body)
    body_part = f"<tbody>{inner}</tbody>" if inner else ""
    return f"<table><thead><tr>{head}</tr></thead>{body_part}</table>"


def _cell(node: SyntaxTreeNode) -> str:
    aligned = _ALIGNED.search(str(node.attrs.get("style", "")))
    side = f' class="{aligned[1]}"' if aligned else ""
    scope = ' scope="col"' if node.tag == "th" else ""
    return f"<{node.tag}{scope}{side}>{_inline(node.children)}</{node.tag}>"


def _inline(nodes: Iterable[SyntaxTreeNode]) -> str:
    return "".join(_span(node) for node in nodes)


def _span(node: SyntaxTreeNode) -> str:
    match node.type:
        case "inline":
            return _inline(node.children)
        case "strong" | "em" | "s":
            return _tagged(_MARKS[node.type], _inline(node.children))
        case "hardbreak":
            return "<br/>"
        case "link":
            return _link(node)
        case _:
            return escaped(words(node))


def _link(node: SyntaxTreeNode) -> str:
    """The link with nothing in it but text, as an element in it would break the page's tags."""
    target, text = str(node.attrs.get("href", "")), words(node)
    if not _is_harmless(target):
        return escaped(text)
    return f'<a href="{escaped(target)}">{escaped(text.strip() or target)}</a>'


def _is_harmless(target: str) -> bool:
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    is_web = parts.scheme in {"http", "https"} and bool(parts.netloc)
    return target.startswith(f"{parts.scheme}:") and (is_web or parts.scheme == "mailto")
