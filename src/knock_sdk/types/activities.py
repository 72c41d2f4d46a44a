# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Models of responses: activities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AwareDatetime, Field

from knock_sdk._core.responses.model import Model

from .recipients import Recipient
from .shared import PageInfo


class Activity(Model):
    """One trigger of a workflow for one recipient; a batched message combines several of them."""

    typename: Annotated[str, Field(alias="__typename")]
    """Kind of the record, `Activity`."""

    actor: Recipient | None = None
    """User or object that performed the action; null if the trigger named none."""

    data: dict[str, Any] | None = None
    """The `data` that came with the trigger; null if there was none."""

    id: str
    """Id of the activity, given by Knock."""

    inserted_at: AwareDatetime
    """When Knock created the activity."""

    recipient: Recipient
    """User or object that the workflow was triggered for."""

    updated_at: AwareDatetime
    """When the activity last changed."""


class ListActivitiesResponse(Model):
    """One page of the activities behind a message."""

    items: list[Activity]
    """Activities on this page; always one for a message that was not batched."""

    page_info: PageInfo
    """Cursors of the neighbouring pages, and the page size."""


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
