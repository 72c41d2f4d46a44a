"""Generators: each writes one part of the package from the contract."""
