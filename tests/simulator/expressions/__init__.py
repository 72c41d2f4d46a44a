"""Tests of conditions and templates."""
