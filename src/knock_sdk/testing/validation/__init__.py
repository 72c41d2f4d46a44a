"""Requests checked against the contract."""
