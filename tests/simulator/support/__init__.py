"""Helpers of the simulator's tests."""
