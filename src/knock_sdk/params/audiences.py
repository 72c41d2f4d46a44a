# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Typed dicts of request bodies: audiences."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from typing_extensions import NotRequired

    from knock_sdk._core.argument_types import Items, JSONObject

    from .users import InlineIdentifyUserRequest


class AudienceMemberRequest(TypedDict):
    """A member to add to an audience or to remove from it."""

    tenant: NotRequired[str | None]
    """Id of the tenant that the membership belongs to; null or absent for none."""

    user: InlineIdentifyUserRequest | JSONObject
    """The member, as a user with an `id` and, optionally, properties to store."""


class RemoveAudienceMembersRequest(TypedDict):
    """Request to remove users from an audience."""

    members: Items[AudienceMemberRequest | JSONObject]
    """The members to remove, each a user and optionally a tenant; at most 1,000."""


class AddAudienceMembersRequest(TypedDict):
    """Request to add users to an audience."""

    members: Items[AudienceMemberRequest | JSONObject]
    """Members to add, at most 1,000 in one request."""
