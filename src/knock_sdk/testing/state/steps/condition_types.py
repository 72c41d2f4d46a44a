"""Types of conditions, as they are declared and as they are stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from ..json_objects import JSON

Conditions: TypeAlias = Sequence[Mapping[str, object]] | Mapping[str, Sequence[Mapping[str, object]]]
"""Declared conditions: a list, all of which must hold, or an object with `all` or `any` and a list.

Elements of `any` may themselves be objects with `all`.
"""

Alternatives: TypeAlias = tuple[tuple[JSON, ...], ...]
"""Normalized conditions: all conditions of at least one list must hold. Without any list, they always hold."""
