"""Tests of the examples: each runs as it stands."""
