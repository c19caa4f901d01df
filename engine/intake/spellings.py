"""Names that nearly match: one thing written in two ways, or an unknown one near a known."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from difflib import get_close_matches

import polars as pl

from engine.intake.checked import Checked
from engine.intake.findings import EXAMPLES, Finding
from engine.intake.quoting import quoted

#: Columns of names that people type, and that reports group by.
NAMES = (
    *("product", "plan", "segment", "industry", "region", "channel", "campaign", "vendor"),
    *("owner", "category"),
)

#: Names of one column that are compared; more are no groups but texts.
_COMPARED = 20_000

#: Bytes of a name; what is longer is a text.
_LONGEST = 1_000

#: Known names among which a near one is looked for letter by letter, and how near it must be.
_NEAR, _CUTOFF = 2_000, 0.85


def names_twice(tables: Mapping[str, Checked]) -> Iterator[Finding]:
    """One finding per column whose values, over all tables, differ in blanks, case or signs."""
    for column in NAMES:
        used: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for table in tables.values():
            if table.found.get(column) == pl.String:
                for value in _values(table, column):
                    used[_bare(value)].setdefault(value, table.name)
        twice = [each for bare, each in sorted(used.items()) if bare and len(each) > 1]
        if twice:
            yield _finding(column, twice)


def closest(name: str, known: pl.Series) -> str | None:
    """The known name that ``name`` is nearly: alike but for blanks, case and signs, or a letter.

    Names whose digits differ are numbered, and none is meant for the other.
    """
    bare = known.str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]", "")
    same = known.filter(bare == _bare(name))
    if not same.is_empty() and _bare(name):
        return same.sort()[0]
    length = known.str.len_chars().cast(pl.Int64)
    alike = known.str.starts_with(name[:2]) | known.str.ends_with(name[-2:])
    numbered = known.str.replace_all(r"\D", "") == "".join(filter(str.isdecimal, name))
    near = known.filter(((length - len(name)).abs() <= 2) & alike & numbered).sort().head(_NEAR)
    return next(iter(get_close_matches(name, near.to_list(), n=1, cutoff=_CUTOFF)), None)


def _values(table: Checked, column: str) -> list[str]:
    is_name = pl.col(column).str.len_bytes() <= _LONGEST
    values = table.added(
        "names",
        lambda frame: frame.filter(is_name).select(column).unique().head(_COMPARED + 1),
    )[column].unique()
    return [] if values.len() > _COMPARED else values.sort().to_list()


def _bare(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def _finding(column: str, twice: list[dict[str, str]]) -> Finding:
    examples = tuple(_example(each) for each in twice[:EXAMPLES])
    table = next(iter(reversed(twice[0].values())))
    hint = f"correct {column} where it is typed: reports count each spelling as a group of its own"
    return Finding(table, "name-twice", column, 0, examples, hint)


def _example(spellings: Mapping[str, str]) -> str:
    return " and ".join(f"{quoted(each)} ({table})" for each, table in spellings.items())
