"""Snapshots of the state, in memory and in files."""
