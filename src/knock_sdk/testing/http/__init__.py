"""Requests, responses and errors, and what a request passes before a handler sees it."""
