"""Tests of the package as a whole: names, models, imports, examples and README."""
