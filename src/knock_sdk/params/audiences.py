# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Typed dicts of request bodies: audiences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import with_config
from typing_extensions import NotRequired, TypedDict

from knock_sdk._core.values.argument_types import Items, JSONModel, JSONObject

from .users import InlineIdentifyUserRequest


@with_config(extra="forbid")
class AudienceMemberRequest(TypedDict):
    """A member to add to an audience or to remove from it."""

    tenant: NotRequired[str | None]
    """Id of the tenant that the membership belongs to; null or absent for none."""

    user: InlineIdentifyUserRequest | JSONObject
    """The member, as a user with an `id` and, optionally, properties to store."""


@with_config(extra="forbid")
class RemoveAudienceMembersRequest(TypedDict):
    """Request to remove users from an audience."""

    members: Items[AudienceMemberRequest | JSONModel]
    """The members to remove, each a user and optionally a tenant; at most 1,000."""


@with_config(extra="forbid")
class AddAudienceMembersRequest(TypedDict):
    """Request to add users to an audience."""

    members: Items[AudienceMemberRequest | JSONModel]
    """Members to add, at most 1,000 in one request."""


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
