"""Tests of the generators and of `python -m codegen`."""
