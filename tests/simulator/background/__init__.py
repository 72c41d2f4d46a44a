"""Tests of what happens after a response."""
