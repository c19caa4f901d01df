"""The ledger's tables."""

#: Raised with every change of the tables.
VERSION = 1
SCHEMA = f"""
CREATE TABLE IF NOT EXISTS runs (
  folder TEXT PRIMARY KEY, run_id TEXT NOT NULL, period TEXT NOT NULL, pack TEXT NOT NULL,
  "group" TEXT NOT NULL, snapshot TEXT NOT NULL, made_at TEXT NOT NULL, outputs TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS deliveries (
  key TEXT PRIMARY KEY, folder TEXT NOT NULL, run_id TEXT NOT NULL, period TEXT NOT NULL,
  pack TEXT NOT NULL, "group" TEXT NOT NULL, kind TEXT NOT NULL, recipient TEXT NOT NULL,
  planned_at TEXT NOT NULL, changed_at TEXT NOT NULL, message_id TEXT NOT NULL,
  state TEXT NOT NULL, revision INTEGER NOT NULL, attempts INTEGER NOT NULL,
  sha256 TEXT NOT NULL, not_before TEXT, detail TEXT NOT NULL, note TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS occasions (
  period TEXT NOT NULL, pack TEXT NOT NULL, planned_at TEXT, PRIMARY KEY (period, pack)
) STRICT;
PRAGMA user_version = {VERSION};
"""
