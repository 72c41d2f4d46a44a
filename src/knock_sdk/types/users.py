# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Models of responses: users."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypeAlias

from pydantic import AwareDatetime, Field

from knock_sdk._core.responses.model import Model, OpenModel

from .shared import PageInfo


class User(OpenModel):
    """A person whom Knock can notify; keys not listed here are custom properties."""

    typename: Annotated[str, Field(alias="__typename")]
    """Kind of the record, `User`."""

    avatar: str | None = None
    """URL of the user's picture, or null if none is set."""

    created_at: AwareDatetime | None = None
    """When the user was created in your own system, or null if not set."""

    email: str | None = None
    """User's email address, needed for email steps; null if none is set."""

    id: str
    """Your id for the user: at most 256 characters, without `/` or `#`."""

    name: str | None = None
    """User's full name, or null if none is set."""

    phone_number: str | None = None
    """User's phone number in E.164 form, such as `+33123456789`, needed for SMS steps; null if none is set."""

    timezone: str | None = None
    """User's time zone from the tz database, such as `Europe/Paris`, used by schedules that repeat; null if none is
    set.
    """

    updated_at: AwareDatetime
    """When the user last changed."""


UserRecipient: TypeAlias = str
"""A user as a recipient, identified by its id."""


UserReference: TypeAlias = str
"""Id of a user."""


class ListUsersResponse(Model):
    """One page of the environment's users."""

    entries: list[User]
    """Users on this page."""

    page_info: PageInfo
    """Cursors of the neighbouring pages, and the page size."""


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
