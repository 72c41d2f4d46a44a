"""Rules of the API that the contract's schemas do not contain, by schema and JSON type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..._core.type_guards import is_object
from ..http.errors import FieldProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .validators import Validator

_MAX_USER_ID_LENGTH = 256
_FORBIDDEN_IN_USER_ID = "/#"


def check_user_id(value: str, at: str, problems: list[FieldProblem]) -> None:
    """Check that a value is a valid user id."""
    if not 0 < len(value) <= _MAX_USER_ID_LENGTH:
        problems.append(FieldProblem(at, "length", f"must have 1 to {_MAX_USER_ID_LENGTH} characters"))
    elif any(character in value for character in _FORBIDDEN_IN_USER_ID):
        problems.append(FieldProblem(at, "format", "must not contain '/' or '#'"))


def _check_inline_recipient(value: Mapping[str, Any], at: str, problems: list[FieldProblem]) -> None:
    if "collection" not in value and isinstance(value.get("id"), str):
        check_user_id(value["id"], f"{at}.id", problems)


def _check_reference(value: Mapping[str, Any], at: str, problems: list[FieldProblem]) -> None:
    # The contract requires no field of a reference, but without an id it identifies nothing.
    if "id" not in value:
        problems.append(FieldProblem(f"{at}.id", "required", "is missing"))


def _check_metadata(value: Mapping[str, Any], at: str, problems: list[FieldProblem]) -> None:
    metadata: Any = value.get("metadata")
    if is_object(metadata):
        path = f"{at}.metadata" if at else "metadata"
        problems.extend(
            FieldProblem(f"{path}.{name}", "type", "must not be nested")
            for name, inner in metadata.items()
            if isinstance(inner, list | dict)
        )


PATH: Mapping[str, Validator] = {"user_id": check_user_id}
"""Validators of path parameters, by name."""

_PREFERENCES = {"preferences": {"anyOf": [{"$ref": "InlinePreferenceSetRequest"}, {"type": "null"}]}}
_TRIGGER_DATA = {"$trigger_data": {"type": ["object", "null"]}}

FIELDS: Mapping[str, Mapping[str, Any]] = {
    "InlineIdentifyObjectRequest": _TRIGGER_DATA,
    "InlineIdentifyUserRequest": _TRIGGER_DATA,
    "SetTenantRequest": _PREFERENCES,
}
"""Fields that the API documents in prose only, and the schemas of their values, by schema."""

EXTRA: Mapping[str, Mapping[type, Validator]] = {
    "BatchMessagesInteractedRequest": {dict: _check_metadata},
    "MessageInteractedRequest": {dict: _check_metadata},
    "ObjectReference": {dict: _check_reference},
    "RecipientReference": {str: check_user_id},
    "RecipientRequest": {str: check_user_id, dict: _check_inline_recipient},
}
"""Additional validators, by schema and JSON type."""
