"""Tests of messages and in-app content."""
