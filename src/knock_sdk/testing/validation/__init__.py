"""Validation of requests against the contract."""
