"""Tests of operations that are not about one of the other folders alone."""
