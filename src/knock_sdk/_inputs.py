"""Types of arguments, wider than the API's own: whatever encodes to the JSON that is due."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, ValuesView
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeAlias, TypeVar

if TYPE_CHECKING:
    from dataclasses import Field

    from pydantic import BaseModel

__all__ = ["DataclassInstance", "Items", "JSONObject", "SequenceOf"]

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class DataclassInstance(Protocol):
    """An instance of a dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


JSONObject: TypeAlias = "Mapping[str, object] | BaseModel | DataclassInstance"
"""A JSON object with keys of the caller's own: a mapping, a Pydantic model or a dataclass."""


class SequenceOf(Protocol[T_co]):
    """A sequence, but neither a string nor bytes, whose `__contains__` does not take every object."""

    def __contains__(self, value: object, /) -> bool: ...
    def __iter__(self) -> Iterator[T_co]: ...
    def __len__(self) -> int: ...

    @property
    def count(self) -> object:
        """The method that no mapping has; written as one, its argument would make mypy infer `list[Any]` for lists."""


Items: TypeAlias = SequenceOf[T] | AbstractSet[T] | ValuesView[T]
"""A list, tuple, set or view of a dict; not a string, which would be taken apart, and not a dict."""
