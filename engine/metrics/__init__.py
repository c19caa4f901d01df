"""Definitions, and the numbers made of facts by them."""
