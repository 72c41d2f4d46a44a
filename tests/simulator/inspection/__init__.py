"""Tests of queries and assertions about messages, skips and triggers."""
