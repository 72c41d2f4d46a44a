# Derived from src/knock_sdk/_async/bulk/__init__.py by `python -m codegen`; do not edit.
"""Bulk jobs: any number of items, in as many requests as it takes."""
