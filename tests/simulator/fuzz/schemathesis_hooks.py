"""Schemathesis hooks: query parameters as clients of the API write them. Schemathesis loads this file."""

from __future__ import annotations

from typing import Any

import schemathesis


@schemathesis.hook
def before_call(_context: object, case: Any, _kwargs: dict[str, Any]) -> None:
    """Write lists as `name[]=…` and objects as `name[field]=…`, which OpenAPI has no style for."""
    query = case.query
    if isinstance(query, dict):
        case.query = {wire: text for name, value in query.items() for wire, text in _forms(name, value)}


def _forms(name: str, value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [(f"{name}[{field}]", inner) for field, inner in value.items()]
    if not isinstance(value, list):
        return [(name, value)]
    bare = name.removesuffix("[]")
    if any(isinstance(element, dict) for element in value):
        return [form for index, element in enumerate(value) for form in _forms(f"{bare}[{index}]", element)]
    return [(f"{bare}[]", value)]
