"""The pack as a workbook: a sheet a chapter, with real numbers that can be found by name."""
