"""Exports with the asynchronous client, written by hand; the synchronous ones are derived from them."""
