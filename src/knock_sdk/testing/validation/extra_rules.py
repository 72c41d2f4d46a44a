"""What the API asks of some schemas beyond what the contract can say, by schema and kind of JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..._core.type_guards import is_object
from ..http.errors import FieldProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .validators import Validator

_LONGEST_USER_ID = 256
_NOT_IN_USER_ID = "/#"


def user_id(value: str, at: str, problems: list[FieldProblem]) -> None:
    """Accept a user's id."""
    if not 0 < len(value) <= _LONGEST_USER_ID:
        problems.append(FieldProblem(at, "length", f"must have 1 to {_LONGEST_USER_ID} characters"))
    elif any(character in value for character in _NOT_IN_USER_ID):
        problems.append(FieldProblem(at, "format", "must not hold '/' or '#'"))


def _inline_recipient(value: Mapping[str, Any], at: str, problems: list[FieldProblem]) -> None:
    if "collection" not in value and isinstance(value.get("id"), str):
        user_id(value["id"], f"{at}.id", problems)


def _reference(value: Mapping[str, Any], at: str, problems: list[FieldProblem]) -> None:
    # The contract requires no field of a reference, but one without an id refers to nothing.
    if "id" not in value:
        problems.append(FieldProblem(f"{at}.id", "required", "is missing"))


def _flat_metadata(value: Mapping[str, Any], at: str, problems: list[FieldProblem]) -> None:
    metadata: Any = value.get("metadata")
    if is_object(metadata):
        place = f"{at}.metadata" if at else "metadata"
        problems.extend(
            FieldProblem(f"{place}.{name}", "type", "must not be nested")
            for name, inner in metadata.items()
            if isinstance(inner, list | dict)
        )


PATH: Mapping[str, Validator] = {"user_id": user_id}
"""Checks of path parameters, by name."""

_STRATEGY = {"__strategy__": {"type": "string", "enum": ["merge", "replace"]}}
_PREFERENCES = {"preferences": {"anyOf": [{"$ref": "InlinePreferenceSetRequest"}, {"type": "null"}]}}
_TRIGGER_DATA = {"$trigger_data": {"type": ["object", "null"]}}

FIELDS: Mapping[str, Mapping[str, Any]] = {
    "InlineIdentifyObjectRequest": _TRIGGER_DATA,
    "InlineIdentifyUserRequest": _TRIGGER_DATA,
    "PreferenceSetChannelTypes": _STRATEGY,
    "PreferenceSetChannels": _STRATEGY,
    "PreferenceSetWorkflowCategorySettingObject": _STRATEGY,
    "SetTenantRequest": _PREFERENCES,
}
"""Fields that the API documents in prose only, with the schemas of their values, by schema."""

EXTRA: Mapping[str, Mapping[type, Validator]] = {
    "BatchMessagesInteractedRequest": {dict: _flat_metadata},
    "MessageInteractedRequest": {dict: _flat_metadata},
    "ObjectReference": {dict: _reference},
    "RecipientReference": {str: user_id},
    "RecipientRequest": {str: user_id, dict: _inline_recipient},
}
