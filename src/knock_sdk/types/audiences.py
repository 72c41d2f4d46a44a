# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Models of responses: audiences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import AwareDatetime, Field

from knock_sdk._core.responses.model import Model

from .shared import PageInfo
from .users import User


class AudienceMember(Model):
    """A user's membership of an audience, possibly within one tenant."""

    typename: Annotated[str, Field(alias="__typename")]
    """Kind of the record, `AudienceMember`."""

    added_at: AwareDatetime
    """When the user was added to the audience."""

    tenant: str | None = None
    """Id of the tenant that the membership belongs to; null if it belongs to none."""

    user: User
    """The user who is a member."""

    user_id: str
    """Your id for the member, the same as `user.id`."""


class ListAudienceMembersResponse(Model):
    """One page of the members of an audience."""

    entries: list[AudienceMember]
    """Members on this page."""

    page_info: PageInfo
    """Cursors of the neighbouring pages, and the page size."""


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
