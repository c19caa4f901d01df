"""What is due, to whom it goes, and the ledger that lets no message leave twice."""
