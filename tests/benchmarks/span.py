"""The time that the benchmark's company is looked at; imports nothing that takes long."""

from datetime import date

AS_OF = date(2026, 10, 1)
QUARTER, YEAR_BEFORE = "2026Q3", "2025Q3"

#: Numbers of the first month of lines, of the first month that is reported, and of the last.
FIRST, REPORTED, LAST = 2022 * 12 + 9, 2023 * 12 + 9, 2026 * 12 + 8
