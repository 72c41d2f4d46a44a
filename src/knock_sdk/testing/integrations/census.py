"""Calls by Census, to which the API is a custom destination that contains audiences.

The protocol is that of Census's documentation. How the API implements it is not documented, except that a sync can add
to audiences ("create only") or mirror them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..._core.type_guards import is_array, is_object
from ..state.json_objects import object_at
from .audience_sync import AUDIENCE_KEY, BATCH, OBJECT, TENANT, USER_ID, ParamsError, apply_row

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..state.json_objects import JSON
    from ..state.world import World

_ADDS = {"insert": True, "upsert": True, "delete": False}
"""Whether an operation adds members or removes them; a mirror consists of batches to upsert and batches to delete."""

_PER_SECOND = 1_000


def _test_connection(_world: World, _params: JSON) -> JSON:
    return {"success": True}


def _list_objects(_world: World, _params: JSON) -> JSON:
    return {"objects": [{"object_api_name": OBJECT["id"], "label": OBJECT["label"]}]}


def _list_fields(_world: World, params: JSON) -> JSON:
    _check_object(params)
    usual = {"createable": True, "updateable": True, "type": "string", "array": False}
    return {
        "fields": [
            {"field_api_name": USER_ID, "label": "User ID", "identifier": True, "required": True, **usual},
            {"field_api_name": AUDIENCE_KEY, "label": "Audience key", "identifier": False, "required": True, **usual},
            {"field_api_name": TENANT, "label": "Tenant", "identifier": False, "required": False, **usual},
        ]
    }


def _supported_operations(_world: World, params: JSON) -> JSON:
    _check_object(params)
    return {"operations": ["insert", "mirror"]}


def _get_sync_speed(_world: World, _params: JSON) -> JSON:
    return {
        "maximum_batch_size": BATCH,
        "maximum_parallel_batches": 1,
        "maximum_records_per_second": _PER_SECOND,
    }


def _sync_batch(world: World, params: JSON) -> JSON:
    plan, records = object_at(params, "sync_plan"), params.get("records")
    _check_object(plan)
    operation = plan.get("operation")
    if not isinstance(operation, str) or operation not in _ADDS:
        raise ParamsError(f"sync_plan.operation must be one of {', '.join(_ADDS)}")
    if not is_array(records) or not all(is_object(record) for record in records):
        raise ParamsError("records must be a list of objects")
    return {"record_results": [_sync(world, record, add=_ADDS[operation]) for record in records]}


def _sync(world: World, record: JSON, *, add: bool) -> JSON:
    problem = apply_row(world, record, record.get(AUDIENCE_KEY), add=add)
    result: JSON = {"identifier": record.get(USER_ID), "success": problem is None}
    return result if problem is None else {**result, "error_message": problem}


def _check_object(params: JSON) -> None:
    name: Any = object_at(params, "object").get("object_api_name")
    if name != OBJECT["id"]:
        raise ParamsError(f"object.object_api_name must be {OBJECT['id']}")


METHODS: Mapping[str, Callable[[World, JSON], JSON]] = {
    "get_sync_speed": _get_sync_speed,
    "list_fields": _list_fields,
    "list_objects": _list_objects,
    "supported_operations": _supported_operations,
    "sync_batch": _sync_batch,
    "test_connection": _test_connection,
}
"""Functions by the method that they implement."""
