"""The tables of ``tables.ASKS`` in DuckDB SQL (``duck.sql``), written for speed.

One pass over the lines reads the columns that count of recurring ones alone; an account's id is a
number from then on; what a line is in a month is divided out in whole micro-units (DuckDB raises
on overflow) and valued at three months' rates before the one big sum. It relies on what the data
is: lines have service dates, accounts are known and have one row each, no group comes or goes.
"""

from pathlib import Path

from tests.benchmarks.span import AS_OF, FIRST, LAST, QUARTER, REPORTED, YEAR_BEFORE


def tables(place: Path) -> dict[str, int]:
    """Answers the questions and writes them beside the data; how many rows they are."""
    import duckdb

    known = {
        "folder": str(place / "snapshots" / str(AS_OF)),
        "first": FIRST,
        "reported": REPORTED,
        "last": LAST,
        "quarter": QUARTER,
        "change": f"{YEAR_BEFORE}..{QUARTER}",
    }
    options = {"preserve_insertion_order": False, "temp_directory": str(place / "spilled")}
    with duckdb.connect(config=options) as connection:
        for name, value in known.items():
            connection.execute(f"set variable {name} = $1", [value])
        connection.execute(Path(__file__).with_suffix(".sql").read_text())
        connection.execute(f"copy answer to '{place / 'duckdb.parquet'}'")
        rows = connection.execute("select count(*) from answer").fetchone()
    return {"rows": rows[0]}
