"""Quarterdeck: from billing and CRM exports to the quarterly business review."""

__version__ = "0.1.0"
