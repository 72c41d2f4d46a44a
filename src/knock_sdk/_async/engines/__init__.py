"""Engines: implementations of a single HTTP exchange over one library each."""
