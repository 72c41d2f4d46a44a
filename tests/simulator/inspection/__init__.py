"""Tests of what tests ask and assert."""
