"""Tests of snapshots and of saved state."""
