# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Models of responses: shared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypeAlias

from pydantic import Field

from knock_sdk._core.responses.model import Model


class AuthenticationError(Model):
    """Body of the error response if Knock has no usable Slack or Microsoft Teams credential."""

    code: str
    """Machine-readable reason, such as `authorization`."""

    message: str
    """Human-readable reason, such as `Access token not set.`"""

    status: int
    """HTTP status of the response, repeated in the body; 403 for a missing credential."""

    type: str
    """Kind of error, such as `authentication_error`."""


class FieldError(Model):
    """A problem with one field of the request."""

    type: str | None = None
    """Machine-readable kind of the problem."""

    field: str | None = None
    """Name of the invalid field."""

    message: str | None = None
    """Human-readable description of the problem."""


class ObjectReference(Model):
    """Reference to an object, by its collection and id."""

    collection: str
    """Name of the collection that the object is in."""

    id: str
    """Id of the object within its collection."""


class PageInfo(Model):
    """Position of a page in its list: the cursors of its neighbours, and the page size."""

    typename: Annotated[str, Field(alias="__typename")]
    """Kind of the record, `PageInfo`."""

    after: str | None = None
    """Cursor to pass as `after` for the next page, or null on the last one."""

    before: str | None = None
    """Cursor to pass as `before` for the previous page, or null on the first one."""

    page_size: int
    """Maximum number of entries on a page, which can be more than this one has."""


RecipientReference: TypeAlias = str | ObjectReference
"""Reference to a recipient: a user by its id, an object by its id and collection."""


class SuccessResponse(Model):
    """Confirmation that a call succeeded."""

    ok: str | None = None
    """A word that means success; a string, not a boolean."""


class Error(Model):
    """Body of an error response; any of the fields may be missing."""

    code: str | None = None
    """Machine-readable reason, such as `invalid_params` or `workflow_missing`."""

    message: str | None = None
    """Human-readable reason."""

    status: int | None = None
    """HTTP status of the response, repeated in the body."""

    type: str | None = None
    """Kind of error, such as `authentication_error`."""

    errors: list[FieldError] | None = None
    """Problems with single fields, in some 422 responses."""


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
