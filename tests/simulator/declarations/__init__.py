"""Tests of declarations: workflow files."""
