"""Tables whose rows and columns both add up as printed."""

from collections.abc import Sequence

from engine.report.rollforward import footed


def footed_rows(
    rows: Sequence[Sequence[float]], totals: Sequence[int]
) -> tuple[tuple[int, ...], ...]:
    """Whole numbers near the values, so that each column adds up to its total.

    A row's own total is to be printed as the sum of its whole numbers: then the rows add up too,
    and the totals of the rows add up to the sum of ``totals``.
    """
    if not rows:
        return ()
    columns = [
        footed([0.0, *column, float(total)])[1:-1]
        for column, total in zip(zip(*rows, strict=True), totals, strict=True)
    ]
    return tuple(zip(*columns, strict=True))
