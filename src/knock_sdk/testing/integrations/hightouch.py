"""Calls by Hightouch, to which the API is an embedded destination that contains audiences.

The protocol is that of Hightouch's published examples. How the API implements it is not documented, except that a sync
can add to audiences ("insert only") or mirror them, and that missing audiences are created.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..._core.type_guards import is_array, is_object
from ..recipients import audiences
from ..state.json_objects import object_at
from .audience_sync import AUDIENCE_KEY, BATCH, OBJECT, TENANT, USER_ID, ParamsError, apply_row

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..state.json_objects import JSON
    from ..state.world import World

_MIRROR = "mirror"


def _list_objects(_world: World, _params: JSON) -> JSON:
    return {"objects": [OBJECT]}


def _list_modes(_world: World, _params: JSON) -> JSON:
    return {
        "modes": [
            {"id": "insert", "label": "Insert only", "description": "Adds members and removes none."},
            {"id": _MIRROR, "label": "Mirror", "description": "Adds members, and removes those whose row was deleted."},
        ]
    }


def _list_fields(_world: World, _params: JSON) -> JSON:
    return {
        "fields": [
            {"id": USER_ID, "label": "User ID", "type": "STRING", "identifier": True, "required": True},
            {"id": TENANT, "label": "Tenant", "type": "STRING", "identifier": False, "required": False},
        ]
    }


def _list_options(_world: World, _params: JSON) -> JSON:
    key = {"type": "string", "title": "Audience key"}
    schema = {"type": "object", "properties": {AUDIENCE_KEY: key}, "required": [AUDIENCE_KEY]}
    return {"options": {"schema": schema}}


def _validate(_world: World, params: JSON) -> JSON:
    configuration = object_at(params, "configuration")
    problems = [] if _key(configuration) else [{"field": AUDIENCE_KEY, "message": "is missing"}]
    if not isinstance(object_at(configuration, "identifierMapping").get("from"), str):
        problems.append({"field": "identifierMapping", "message": f"`from` must name the column for {USER_ID}"})
    return {"errors": problems}


def _behavior(_world: World, params: JSON) -> JSON:
    mirrors = object_at(params, "configuration").get("mode") == _MIRROR
    operations = {"add": True, "change": False, "remove": mirrors}
    return {"batchSize": BATCH, "operations": operations, "skipInitialRun": False}


def _add(world: World, params: JSON) -> JSON:
    key = _key(object_at(params, "configuration"))
    if key is not None:
        audiences.create(world, key)
    return _sync(world, params, add=True)


def _remove(world: World, params: JSON) -> JSON:
    return _sync(world, params, add=False)


def _change(_world: World, params: JSON) -> JSON:
    """Accept the rows and do nothing, since memberships have no fields that can change."""
    _rows(params)
    return {"rejectedRows": []}


def _sync(world: World, params: JSON, *, add: bool) -> JSON:
    configuration, rejected = object_at(params, "configuration"), list[Any]()
    columns = _columns(configuration)
    for row in _rows(params):
        fields = {to: row.get(column) for column, to in columns}
        problem = apply_row(world, fields, _key(configuration), add=add)
        if problem is not None:
            rejected.append({"row": row, "reason": problem})
    return {"rejectedRows": rejected}


def _key(configuration: JSON) -> str | None:
    key = configuration.get(AUDIENCE_KEY)
    return key if isinstance(key, str) and key else None


def _columns(configuration: JSON) -> list[tuple[str, str]]:
    """Return pairs of a column of the rows and the field that it becomes."""
    identifier = object_at(configuration, "identifierMapping").get("from")
    if not isinstance(identifier, str):
        raise ParamsError(f"configuration.identifierMapping.from must name the column for {USER_ID}")
    mappings: Any = configuration.get("mappings")
    more = mappings if is_array(mappings) else []
    tenants = [mapping.get("from") for mapping in more if is_object(mapping) and mapping.get("to") == TENANT]
    return [(identifier, USER_ID), *((column, TENANT) for column in tenants if isinstance(column, str))]


def _rows(params: JSON) -> list[JSON]:
    rows: Any = params.get("rows")
    if not is_array(rows) or not all(is_object(row) for row in rows):
        raise ParamsError("rows must be a list of objects")
    return rows


METHODS: Mapping[str, Callable[[World, JSON], JSON]] = {
    "add": _add,
    "behavior": _behavior,
    "change": _change,
    "list_fields": _list_fields,
    "list_modes": _list_modes,
    "list_objects": _list_objects,
    "list_options": _list_options,
    "remove": _remove,
    "validate": _validate,
}
"""Functions by the method that they implement."""
