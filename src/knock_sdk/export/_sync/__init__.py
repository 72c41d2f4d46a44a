# Derived from src/knock_sdk/export/_async/__init__.py by `python -m codegen`; do not edit.
"""Exports with the synchronous client, derived from those with the asynchronous one."""
