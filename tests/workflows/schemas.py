"""JSON schemas of trigger data, and folders of workflows with them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

EMPTY: dict[str, Any] = {"type": "object"}

SMALL: dict[str, Any] = {
    "type": "object",
    "required": ["title"],
    "properties": {"title": {"type": "string"}, "pages": {"type": "integer", "minimum": 1}},
}

LARGE: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "description": 'A comment "as it is", with a \\ and """three quotes""".\nIn two lines.',
    "required": ["commentText", "author", "reply", "class", "undescribed"],
    "properties": {
        "commentText": {"type": "string", "maxLength": 10, "description": 'Text with "quotes" and a \\n.'},
        "author": {
            "type": "object",
            "required": ["fullName"],
            "additionalProperties": False,
            "properties": {"fullName": {"type": "string"}, "email": {"type": "string", "format": "email"}},
        },
        "reply": {"type": ["string", "null"]},
        "note": {"type": ["string", "null"]},
        "class": {"type": "string"},
        "from": {"type": "string"},
        "model_config": {"type": "string"},
        "model_dump": {"type": "string"},
        "json": {"type": "string"},
        "a-b": {"type": "number"},
        "2nd": {"type": "boolean"},
        "self": {"type": "string"},
        "contentUrl": {"type": "string", "format": "uri"},
        "content_url": {"type": "string"},
        "priority": {"enum": ["low", "high"], "default": "low"},
        "stars": {"type": "integer", "minimum": 1, "maximum": 5},
        "kind": {"const": "comment"},
        "at": {"type": "string", "format": "date-time"},
        "day": {"type": "string", "format": "date"},
        "id": {"type": "string", "format": "uuid"},
        "ip": {"type": "string", "format": "ipv4"},
        "code": {"type": "string", "pattern": "^[A-Z]+$"},
        "items": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "object", "required": ["sku"], "properties": {"sku": {"type": "string"}}},
        },
        "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
        "free": {"type": "object"},
        "anything": {},
        "person": {"$ref": "#/definitions/Person"},
        "level": {"$ref": "#/definitions/level"},
        "parent": {"$ref": "#"},
        "either": {"oneOf": [{"type": "string"}, {"type": "object", "properties": {"x": {"type": "integer"}}}]},
        "both": {
            "allOf": [
                {"$ref": "#/definitions/Person"},
                {"type": "object", "required": ["z"], "properties": {"z": {"type": "string"}}},
            ]
        },
    },
    "definitions": {
        "Person": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}},
        "level": {"type": "string", "enum": ["a", "b"]},
    },
}

REQUIRED: dict[str, Any] = {
    "commentText": "Done.",
    "author": {"fullName": "Ian"},
    "reply": None,
    "class": "c",
    "undescribed": 1,
}
"""The smallest data that is valid for `LARGE`."""


def write_workflow(folder: Path, key: str, schema: Any = None, **fields: Any) -> Path:
    """Write the folder of a workflow as Knock's CLI does, and return its file."""
    content: dict[str, Any] = {"name": key, "steps": [], "__readonly": {"key": key, "active": True}, **fields}
    if schema is not None:
        content["trigger_data_json_schema"] = schema
    folder.mkdir(parents=True)
    file = folder / "workflow.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


def write_all(root: Path, schemas: Mapping[str, Any]) -> Path:
    """Write workflows into the folder `workflows` of a folder, each in a folder with a name of its own."""
    for number, (key, schema) in enumerate(schemas.items()):
        write_workflow(root / "workflows" / f"w{number}", key, schema)
    return root
