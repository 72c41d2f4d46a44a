# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Models of answers: recipients."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from knock_sdk._core.model import ByTypename

from .objects import Object
from .users import User

Recipient: TypeAlias = Annotated[User | Object, ByTypename]
"""Someone or something that can be notified, in full: a user or an object."""
