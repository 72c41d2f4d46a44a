"""Tests of what the simulator stores."""
