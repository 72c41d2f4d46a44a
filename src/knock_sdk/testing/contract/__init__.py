# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""The rules of the contract for requests, as data."""
