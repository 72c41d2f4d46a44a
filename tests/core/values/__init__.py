"""Tests of the values that callers give."""
