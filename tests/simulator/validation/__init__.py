"""Tests of what the simulator refuses, held against the contract."""
