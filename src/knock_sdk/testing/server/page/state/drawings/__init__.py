"""Drawings of workflows and runs: where each step stands, and what is said about it."""
