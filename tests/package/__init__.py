"""Tests of the package as a whole: its names, its models, what it loads, its examples and its README."""
