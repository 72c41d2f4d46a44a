# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Models of answers: shared."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import Field

from knock_sdk._core.model import Model


class AuthenticationError(Model):
    """The error body sent when Knock holds no usable Slack or Microsoft Teams credential."""

    code: str
    """Machine-readable reason, such as `authorization`."""

    message: str
    """The reason in words, such as `Access token not set.`"""

    status: int
    """HTTP status of the answer, repeated in the body; 403 for a missing credential."""

    type: str
    """Family of the error, such as `authentication_error`."""


class FieldError(Model):
    """A problem with one field of the request."""

    type: str | None = None
    """Machine-readable kind of the problem."""

    field: str | None = None
    """Name of the field that was refused."""

    message: str | None = None
    """What is wrong with the field, in words."""


class ObjectReference(Model):
    """Names an object by its collection and id."""

    collection: str | None = None
    """Name of the collection that the object is in."""

    id: str | None = None
    """Id of the object within its collection."""


class PageInfo(Model):
    """Where a page stands in its list, with the cursors to its neighbours."""

    typename: Annotated[str, Field(alias="__typename")]
    """Kind of the record, `PageInfo`."""

    after: str | None = None
    """Cursor to pass as `after` for the next page, or null on the last one."""

    before: str | None = None
    """Cursor to pass as `before` for the previous page, or null on the first one."""

    page_size: int
    """How many entries a page may hold, which can be more than this one has."""


RecipientReference: TypeAlias = str | ObjectReference
"""Names a recipient: a user by its id, an object by its id and collection."""


class SuccessResponse(Model):
    """Says that a call did what it was asked."""

    ok: str | None = None
    """A word that stands for success; a string, not a boolean."""


class Error(Model):
    """The body of an error answer; any of the fields may be missing."""

    code: str | None = None
    """Machine-readable reason, such as `invalid_params` or `workflow_missing`."""

    message: str | None = None
    """The reason in words, for people to read."""

    status: int | None = None
    """HTTP status of the answer, repeated in the body."""

    type: str | None = None
    """Family of the error, such as `authentication_error`."""

    errors: list[FieldError] | None = None
    """Problems field by field, sent with some 422 answers."""
