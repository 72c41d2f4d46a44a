# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Typed dicts of request bodies: recipients."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from knock_sdk._core.values.argument_types import JSONObject

from .objects import InlineIdentifyObjectRequest
from .users import InlineIdentifyUserRequest

RecipientRequest: TypeAlias = str | InlineIdentifyUserRequest | InlineIdentifyObjectRequest | JSONObject
"""Reference to a recipient, or a recipient to create or update: a user id, a user, or an object with its
`collection`.
"""

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
