"""Paths of the repository."""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).parent.parent
ROOT = TESTS.parent
DATA = TESTS / "data"
"""Full example bodies, one file for each schema that the API responds with."""
CONTRACT_FILE = ROOT / "openapi" / "knock.yaml"
