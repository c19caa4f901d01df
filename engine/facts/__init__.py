"""Fact tables: only what may be added up, in Int64 micro-units and counts."""
