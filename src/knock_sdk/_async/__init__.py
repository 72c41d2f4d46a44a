"""The asynchronous client, written by hand; the synchronous one is derived from it."""
