"""NOT_GIVEN: the default of arguments that can be left out, as opposed to `None`."""

from __future__ import annotations

from enum import Enum
from typing import Literal, TypeAlias

from typing_extensions import override


class _Mark(Enum):
    """The type of NOT_GIVEN: an enum, because type checkers can tell its member apart from every other value."""

    NOT_GIVEN = ...  # JSON cannot represent it, so that NOT_GIVEN inside a body is an error

    @override
    def __repr__(self) -> str:
        return self.name

    def __bool__(self) -> Literal[False]:
        return False


NotGiven: TypeAlias = Literal[_Mark.NOT_GIVEN]
"""Type of an argument that may be left out."""

NOT_GIVEN: NotGiven = _Mark.NOT_GIVEN
"""Leaves a field out of the request; `None` would be sent as null."""
