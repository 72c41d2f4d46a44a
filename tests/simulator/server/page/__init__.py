"""Tests of the page that shows what was sent, without a browser."""
