"""Comparison of the contract with an upstream OpenAPI document."""
