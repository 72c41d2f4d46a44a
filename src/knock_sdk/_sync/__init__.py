# Derived from src/knock_sdk/_async/__init__.py by `python -m codegen`; do not edit.
"""The synchronous client, derived from the asynchronous one."""
