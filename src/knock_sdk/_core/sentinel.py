"""The mark of an argument that was not given, which is not the same as `None`."""

from __future__ import annotations

from enum import Enum
from typing import Literal, TypeAlias

from typing_extensions import override


class _Mark(Enum):
    """Holds the one mark; an enum member is what type checkers can tell apart from everything else."""

    NOT_GIVEN = ...  # a value that JSON cannot hold, so that a mark deep inside a body is refused

    @override
    def __repr__(self) -> str:
        return self.name

    def __bool__(self) -> Literal[False]:
        return False


NotGiven: TypeAlias = Literal[_Mark.NOT_GIVEN]
"""Type of an argument that may be left out."""

NOT_GIVEN: NotGiven = _Mark.NOT_GIVEN
"""Leaves a field out of the request; `None` would be sent as null."""
