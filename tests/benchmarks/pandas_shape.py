"""Answers of pandas in the shape that all engines answer in."""

import numpy as np
import pandas as pd

from tests.benchmarks.span import FIRST, LAST


def labels(months: pd.Series | pd.Index) -> np.ndarray:
    """Months as they are written."""
    names = [f"{number // 12}-{number % 12 + 1:02}" for number in range(FIRST, LAST + 1)]
    return np.array(names, dtype=object)[np.asarray(months) - FIRST]


def rows(metric, period, group, top, below, value) -> pd.DataFrame:
    """Answers in the common shape."""
    value = np.asarray(value)
    sums = {
        name: pd.array([None] * len(value) if side is None else np.asarray(side), dtype="Int64")
        for name, side in (("top", top), ("below", below))
    }
    metric = np.asarray(metric) if isinstance(metric, pd.Series) else metric
    group = group if isinstance(group, str) else np.asarray(group)
    return pd.DataFrame(
        {"metric": metric, "period": period, "group": group} | sums | {"value": value}
    )
