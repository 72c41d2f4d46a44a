# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Typed dicts of request bodies: shared."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from pydantic import with_config
from typing_extensions import NotRequired, TypedDict

from knock_sdk._core.values.argument_types import JSONModel


@with_config(extra="forbid")
class ObjectReference(TypedDict):
    """Reference to an object, by its collection and id."""

    collection: NotRequired[str]
    """Name of the collection that the object is in."""

    id: NotRequired[str]
    """Id of the object within its collection."""


RecipientReference: TypeAlias = str | ObjectReference | JSONModel
"""Reference to a recipient: a user by its id, an object by its id and collection."""

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
