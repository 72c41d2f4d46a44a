"""Tests of users, objects and tenants, with their preferences, channel data, subscriptions and audiences."""
