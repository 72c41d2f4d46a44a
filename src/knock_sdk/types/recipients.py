# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Models of responses: recipients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypeAlias

from knock_sdk._core.responses.model import ByTypename

from .objects import Object
from .users import User

Recipient: TypeAlias = Annotated[User | Object, ByTypename]
"""A recipient with its properties: a user or an object."""

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
