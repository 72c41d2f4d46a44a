"""Schemathesis hooks: names that exist, and query parameters as clients of the API write them.

Schemathesis loads this file.
"""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import Any

import schemathesis

NAMES: dict[str, list[str]] = (
    json.loads(Path(os.environ["FUZZ_NAMES"]).read_text(encoding="utf-8")) if "FUZZ_NAMES" in os.environ else {}
)
"""The names of what exists, by the parameter of a path or by the folder before it."""
FOLDERS = {"objects": "object_id", "users": "user_id", "messages": "message_id", "feeds": "channel_id"}


@schemathesis.hook
def before_call(_context: object, case: Any, _kwargs: dict[str, Any]) -> None:
    """Name what exists, in most cases, and write queries as the API's clients do."""
    chance = random.Random(repr((case.path_parameters, case.query, case.body)))
    if NAMES and not _ends_the_rest(case) and chance.random() < 0.8:
        _name_what_exists(case, chance)
    _write_query(case)


def _ends_the_rest(case: Any) -> bool:
    """Return whether a request, with names that exist, would leave little to name: deletions and merges."""
    return case.path.endswith("/merge") or (case.method == "DELETE" and case.path.endswith(("/{user_id}", "/{id}")))


def _name_what_exists(case: Any, chance: random.Random) -> None:
    parameters = case.path_parameters
    if isinstance(parameters, dict):
        case.path_parameters = {name: _existing(case.path, name, chance) or old for name, old in parameters.items()}
    if isinstance(case.body, dict):
        for field, name in (("recipients", "user_id"), ("message_ids", "message_id"), ("schedule_ids", "schedules")):
            if isinstance(case.body.get(field), list):
                case.body[field] = [
                    chance.choice(NAMES[name]) if isinstance(old, str) else old for old in case.body[field]
                ]
        if isinstance(case.body.get("workflow"), str):
            case.body["workflow"] = chance.choice(NAMES["workflows"])


def _existing(path: str, parameter: str, chance: random.Random) -> str | None:
    """Return the name of something that exists, for a parameter of a path."""
    folders = path.split("/")
    before = folders[folders.index(f"{{{parameter}}}") - 1]
    if before == "{collection}":
        before = "objects"
    if before == "preferences":
        return "default"
    found = NAMES.get(before) or NAMES.get(FOLDERS.get(before, parameter))
    return chance.choice(found) if found else None


def _write_query(case: Any) -> None:
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
