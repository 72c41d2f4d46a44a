"""Tests of validation: valid and invalid requests, most of them derived from the contract."""
