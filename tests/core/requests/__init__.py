"""Tests of settings and of encoding."""
