"""Tests of users, objects and tenants, and of what belongs to them."""
