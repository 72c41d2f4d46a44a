"""Hooks, tracing and metrics."""
