# Derived from src/knock_sdk/_async/engines/__init__.py by `python -m codegen`; do not edit.
"""Engines: implementations of a single HTTP exchange over one library each."""
