"""Tests of state that is copied and kept in files."""
