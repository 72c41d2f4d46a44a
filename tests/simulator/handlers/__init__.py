"""Tests of operations that fit no other folder: messages of a channel in bulk."""
