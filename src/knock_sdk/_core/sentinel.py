"""NOT_GIVEN: the default of arguments that can be left out, as opposed to `None`."""

from __future__ import annotations

from enum import Enum
from typing import Final, Literal

from typing_extensions import override


class NotGiven(Enum):
    """Type of an argument that may be left out; `NOT_GIVEN` is its only value."""

    # An enum, because type checkers can tell its member apart from every other value. JSON cannot represent the
    # member's value, so that NOT_GIVEN inside a body is an error.
    NOT_GIVEN = ...

    @override
    def __repr__(self) -> str:
        return self.name

    def __bool__(self) -> Literal[False]:
        return False


NOT_GIVEN: Final = NotGiven.NOT_GIVEN
"""Leaves a field out of the request; `None` would be sent as null."""
