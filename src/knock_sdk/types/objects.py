# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Models of responses: objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AwareDatetime, Field

from knock_sdk._core.responses.model import Model

from .shared import PageInfo


class Object(Model):
    """A thing from your product, such as a project or a team, that can receive notifications and be subscribed to."""

    typename: Annotated[str, Field(alias="__typename")]
    """Kind of the record, `Object`."""

    collection: str
    """Name of the collection that the object is in."""

    created_at: AwareDatetime | None = None
    """When the object was created in your own system, or null if not set."""

    id: str
    """Your id for the object, unique within its collection."""

    properties: dict[str, Any]
    """The object's name and custom properties."""

    updated_at: AwareDatetime
    """When the object last changed."""


class ListObjectsResponse(Model):
    """One page of the objects in a collection."""

    entries: list[Object]
    """Objects on this page; empty if the collection is unknown."""

    page_info: PageInfo
    """Cursors of the neighbouring pages, and the page size."""


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
