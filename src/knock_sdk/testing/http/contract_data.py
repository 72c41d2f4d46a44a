"""The contract's operations and request schemas, as generated data."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def load_contract() -> Mapping[str, Any]:
    """Return the generated data of the contract: `operations` by id and request `schemas` by name."""
    loaded: Mapping[str, Any] = from_json((Path(__file__).parent.parent / "contract" / "requests.json").read_bytes())
    return loaded
