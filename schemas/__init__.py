"""What tables must look like: the canonical shape, and how vendors' exports reach it."""
