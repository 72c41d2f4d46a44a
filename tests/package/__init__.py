"""Tests of the package as a whole: names, models, imports, commands and README."""
