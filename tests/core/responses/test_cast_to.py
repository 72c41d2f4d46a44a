"""Types that a caller chooses for a response: refused unless Pydantic can read them from JSON."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from enum import Enum
from functools import partial
from typing import Annotated, Any, Generic, Literal, NewType, NoReturn, TypeVar
from unittest.mock import MagicMock

import httpx
import pydantic
import pytest
from typing_extensions import TypedDict

from knock_sdk import types as t
from knock_sdk._core.responses.cast_to import check_cast_to
from knock_sdk.errors import InvalidArgumentError

T = TypeVar("T")


class Fields(TypedDict):
    """A dictionary with declared keys."""

    a: int


@dataclasses.dataclass
class Data:
    """A dataclass of the caller's."""

    a: int


class Word(Enum):
    """An enum of the caller's."""

    A = "a"


class Box(pydantic.BaseModel, Generic[T]):
    """A model with a parameter."""

    content: T


class Root(pydantic.RootModel[list[int]]):
    """A model of a bare value."""


class Empty(pydantic.BaseModel):
    """A model that no response matches."""


class Incomplete(pydantic.BaseModel):
    """A model with a type that is defined nowhere."""

    a: Missing  # type: ignore[name-defined]  # noqa: F821 # pyright: ignore[reportUndefinedVariable, reportUnknownVariableType]


class Plain:
    """A class that Pydantic does not know."""


class Unhashable:
    """An instance that cannot be a key."""

    __hash__ = None  # type: ignore[assignment] # pyright: ignore[reportAssignmentType]


class Deferred(pydantic.BaseModel):
    """A model that is built when it is first used."""

    model_config = pydantic.ConfigDict(defer_build=True)
    a: int


@pytest.mark.parametrize(
    "expected",
    [
        t.User,
        list[t.User],
        t.User | None,
        Annotated[t.User, "noted"],
        Box,
        Box[int],
        Root,
        Deferred,
        Fields,
        Data,
        Word,
        dict,
        dict[str, Any],
        list,
        tuple[int, str],
        int,
        str,
        object,
        Any,
        type(None),
        Literal["a"],
        NewType("Id", str),
    ],
    ids=str,
)
def test_a_type_that_is_read_from_json_is_accepted(expected: Any) -> None:
    check_cast_to(expected)


RULE = "cast_to: must be a Pydantic model, a list of one, or another type that Pydantic reads from JSON, not "


@pytest.mark.parametrize(
    ("expected", "what"),
    [
        (httpx.Response, "the class httpx.Response"),
        (list[httpx.Response], "list[httpx.Response]"),
        (dict[str, httpx.Response], "dict[str, httpx.Response]"),
        (httpx.Response | None, "httpx.Response | None"),
        (Plain, f"the class {__name__}.Plain"),
        (Exception, "the class builtins.Exception"),
        (t.User.model_construct(id="canary"), "an instance of User"),
        (Plain(), "an instance of Plain"),
        (Unhashable(), "an instance of Unhashable"),
        (MagicMock(), "an instance of MagicMock"),
        ([t.User], "an instance of list"),
        ({}, "an instance of dict"),
        (5, "an instance of int"),
        (False, "an instance of bool"),
        (..., "an instance of ellipsis"),
        ("int", "an instance of str"),
        (b"int", "an instance of bytes"),
        (re, "an instance of module"),
        (len, "an instance of builtin_function_or_method"),
        (lambda: 1, "an instance of function"),
        (partial(int), "an instance of partial"),
        (Callable, "the class collections.abc.Callable"),
        (type[int], "type[int]"),
        (NoReturn, "an instance of _SpecialForm"),
        (Empty, f"the class {__name__}.Empty, whose model has no fields"),
        (pydantic.BaseModel, "the class pydantic.main.BaseModel, whose model has no fields"),
        (list[Empty], f"list[{__name__}.Empty], whose model has no fields"),
        (Incomplete, f"the class {__name__}.Incomplete, which refers to a type that is not defined"),
        (list[Incomplete], f"list[{__name__}.Incomplete], which refers to a type that is not defined"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_anything_else_is_rejected(expected: Any, what: str) -> None:
    for _ in range(2):  # what is remembered of the first time changes nothing
        with pytest.raises(InvalidArgumentError) as caught:
            check_cast_to(expected)
        assert str(caught.value) == f"{RULE}{what}; leave it out for plain JSON"
