"""Tests of bulk operations, and of deleting and merging recipients."""
