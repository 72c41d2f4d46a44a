"""Assertions and queries on what was sent, skipped and triggered."""
