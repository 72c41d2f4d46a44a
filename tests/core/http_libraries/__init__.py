"""Tests of clients of other libraries that are given."""
