"""A snapshot on its way in: found, read in canonical shape, and checked before it counts."""
