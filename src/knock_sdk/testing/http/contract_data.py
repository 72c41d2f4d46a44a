"""The contract's operations and request schemas, as generated data."""

from __future__ import annotations

from functools import cache
from pkgutil import get_data
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def load_contract() -> Mapping[str, Any]:
    """Return the generated data of the contract: `operations` by id and request `schemas` by name."""
    # Read as modules are, so that it is found in archives too, and by tests that replace the file system.
    content = get_data("knock_sdk.testing.contract", "requests.json")
    loaded: Mapping[str, Any] = from_json(content or b"")
    return loaded
