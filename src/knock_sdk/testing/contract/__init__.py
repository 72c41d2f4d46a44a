# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""What the contract says about requests, as data."""
