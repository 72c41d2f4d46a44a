"""Tests of requests and responses: paths, queries, pages, idempotency, rate limits, declared faults."""
