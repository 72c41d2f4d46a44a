"""Tests of decoding: models, errors and pages."""
