"""The canonical tables: one Pandera model a table is the one source of truth for its shape.

Importing this package is cheap: a model, and with it Pandera, is imported when first asked for.
"""

from schemas.canonical.registry import TABLES, Column, Table

__all__ = ["TABLES", "Column", "Table"]
