"""The contract's operations and request schemas, as generated data."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def data() -> Mapping[str, Any]:
    """Return what was generated from the contract: `operations` by their ids, and `schemas` by their names."""
    loaded: Mapping[str, Any] = from_json((Path(__file__).parent.parent / "contract" / "requests.json").read_bytes())
    return loaded
