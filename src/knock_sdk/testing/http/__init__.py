"""Requests, responses and errors; routing, API keys, idempotency, rate limits and faults."""
