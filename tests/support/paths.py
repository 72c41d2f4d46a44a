"""Paths of the repository."""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).parent.parent
ROOT = TESTS.parent
DATA = TESTS / "data"
"""Complete example bodies, by the schema of the response."""
CONTRACT_FILE = ROOT / "openapi" / "knock.yaml"
