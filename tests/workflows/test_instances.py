"""Instances that were changed, or made unchecked: they are checked again as they are."""

from __future__ import annotations

import dataclasses
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Generic, Literal, TypeVar

import pytest
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SerializeAsAny,
    ValidationError,
    computed_field,
    field_serializer,
    model_validator,
)
from pydantic.dataclasses import dataclass as checked_dataclass

from knock_sdk import InvalidArgumentError
from knock_sdk.workflows import Workflow

from .samples import CLOSED, COMMENT, COMMENT_SENT, ORDER, Author, Closed, Comment, Line, Order, comment

if TYPE_CHECKING:
    from .conftest import Client


T = TypeVar("T")


def changed(**values: Any) -> Comment:
    """Return a comment with attributes that were assigned without a check."""
    made = comment()
    for name, value in values.items():
        setattr(made, name, value)
    return made


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (changed(text=5), "data.commentText: must be a valid string"),
        (changed(text=""), "data.commentText: must have at least 1 character"),
        (changed(text="x" * 101), "data.commentText: must have at most 100 characters"),
        (changed(count="2"), "data.count: must be a valid integer"),
        (changed(count=0), "data.count: must be greater than or equal to 1"),
        (changed(author={"fullName": "Ian"}), "data.author: is of another type, which was not converted"),
        (changed(author=Author.model_construct()), "data.author.fullName: is missing"),
        (changed(author=Author.model_construct(full_name=None)), "data.author.fullName: must be a valid string"),
        (changed(mentions=[Author(fullName="a"), Author.model_construct(full_name="x" * 21)]), "data.mentions[1].full"),
        (changed(priority="urgent"), "data.priority: must be 'low' or 'high'"),
        (changed(tags={"a": 1}), "data.tags: must be a valid tuple"),
        (Comment.model_construct(), "data.commentText: is missing"),
        (Comment.model_construct(text="x"), "data.author: is missing"),
    ],
)
def test_a_changed_model_is_refused_with_the_place(client: Client, data: Comment, problem: str) -> None:
    error = client.refuse_trigger(COMMENT, data=data)
    assert type(error) is InvalidArgumentError
    assert str(error).startswith(problem)


@pytest.mark.parametrize(
    ("data", "sent"),
    [
        (changed(tags=["a", "b"]), {"tags": ["a", "b"]}),
        (changed(priority="high"), {"priority": "high"}),
        (changed(count=True), {"count": 1}),
        (changed(text="Now.", count=2), {"commentText": "Now.", "length": 4, "count": 2}),
        (changed(mentions=[Author(fullName="Ana", age=7)]), {"mentions": [{"fullName": "Ana", "age": 7}]}),
    ],
)
def test_a_change_that_is_sent_as_a_valid_instance_would_be_is_accepted(
    client: Client, data: Comment, sent: dict[str, Any]
) -> None:
    assert client.trigger(COMMENT, data=data)["data"] == {**COMMENT_SENT, **sent}


def test_the_instance_itself_stays_as_it_is(client: Client) -> None:
    data = comment()
    before = data.model_copy(deep=True)
    client.trigger(COMMENT, data=data)
    assert data == before
    assert data.model_fields_set == before.model_fields_set


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (Order("7"), "data.number: must be a valid integer"),  # type: ignore[arg-type]
        (Order(7, [Line("a", 0)]), "data.lines[0].quantity: must be greater than or equal to 1"),
        (Order(7, [Line(None)]), "data.lines[0].sku: must be a valid string"),  # type: ignore[arg-type]
        (Order(7, [{"sku": "a"}]), "data.lines[0]: must be an instance of Line"),  # type: ignore[list-item]
        (Order(7, "abc"), "data.lines: must be a valid list"),  # type: ignore[arg-type]
    ],
)
def test_a_dataclass_is_checked_although_its_class_checks_nothing(client: Client, data: Order, problem: str) -> None:
    error = client.refuse_trigger(ORDER, data=data)
    assert type(error) is InvalidArgumentError
    assert str(error) == problem


def test_a_dataclass_with_slots_or_of_pydantic_is_checked(client: Client) -> None:
    @dataclasses.dataclass(frozen=True, slots=True)
    class Small:
        n: int

    @checked_dataclass
    class Checked:
        n: Annotated[int, Field(alias="number", le=5)]

    assert client.trigger(Workflow("w", data=Small), data=Small(5))["data"] == {"n": 5}
    assert str(client.refuse_trigger(Workflow("w", data=Small), data=Small("5"))).startswith("data.n: ")  # type: ignore[arg-type]
    made = Checked(number=5)  # type: ignore[call-arg]
    assert client.trigger(Workflow("w", data=Checked), data=made)["data"] == {"number": 5}
    made.n = 6
    problem = "data.number: must be less than or equal to 5"
    assert str(client.refuse_trigger(Workflow("w", data=Checked), data=made)) == problem


@dataclasses.dataclass
class Box(Generic[T]):
    content: T


def test_a_dataclass_with_an_argument_is_checked_with_it(client: Client) -> None:
    workflow = Workflow("w", data=Box[int])
    assert client.trigger(workflow, data=Box(5))["data"] == {"content": 5}
    assert str(client.refuse_trigger(workflow, data=Box("5"))) == "data.content: must be a valid integer"


def test_a_field_that_was_deleted_is_missing(client: Client) -> None:
    data = comment()
    del data.author
    assert client.refuse_trigger(COMMENT, data=data).argument == "data.author"  # type: ignore[attr-defined]


def test_a_model_with_a_cached_property_is_accepted(client: Client) -> None:
    class Cached(BaseModel):
        model_config = ConfigDict(extra="forbid")
        n: int

        @computed_field  # type: ignore[prop-decorator]
        @cached_property
        def double(self) -> int:
            return self.n * 2

    data = Cached(n=2)
    assert data.double == 4
    assert client.trigger(Workflow("w", data=Cached), data=data)["data"] == {"n": 2, "double": 4}


def test_further_fields_are_sent_if_the_model_keeps_them(client: Client) -> None:
    class Open(BaseModel):
        model_config = ConfigDict(extra="allow")
        n: int

    assert client.trigger(Workflow("w", data=Open), data=Open(n=1, other=["x"]))["data"] == {"n": 1, "other": ["x"]}  # type: ignore[call-arg]


def test_a_subclass_is_sent_with_the_fields_of_the_type(client: Client) -> None:
    class Longer(Closed):
        further: int = 1

    assert client.trigger(CLOSED, data=Longer(name="a"))["data"] == {"name": "a", "priority": "low"}


class Validated(BaseModel):
    """Has validators that change what they are given, each in its own way."""

    doubled: Annotated[int, AfterValidator(lambda value: value * 2)] = 0
    parsed: Annotated[int, BeforeValidator(int)] = 0
    lower: Annotated[str, AfterValidator(str.lower)] = ""

    @model_validator(mode="before")
    @classmethod
    def _read_old_form(cls, data: Any) -> Any:
        return {"doubled": data["old"]} if "old" in data else data


VALIDATED = Workflow("w", data=Validated)


def test_validators_do_not_change_what_is_sent(client: Client) -> None:
    data = Validated(doubled=3, parsed="7", lower="ABC")  # type: ignore[arg-type]
    assert client.trigger(VALIDATED, data=data)["data"] == {"doubled": 6, "parsed": 7, "lower": "abc"}
    assert client.trigger(VALIDATED, data=Validated.model_validate({"old": 4}))["data"]["doubled"] == 8


def test_a_value_that_a_validator_would_convert_is_refused(client: Client) -> None:
    error = client.refuse_trigger(VALIDATED, data=Validated.model_construct(parsed="7"))
    assert str(error) == "data.parsed: is of another type, which was not converted: make a new instance"


def test_a_validator_of_the_whole_model_sees_a_change(client: Client) -> None:
    class Span(BaseModel):
        first: int
        last: int

        @model_validator(mode="after")
        def _check(self) -> Span:
            if self.first > self.last:
                raise ValueError("first must not be greater than last")
            return self

    data = Span(first=1, last=20)
    assert client.trigger(Workflow("w", data=Span), data=data)["data"] == {"first": 1, "last": 20}
    data.first = 30
    error = client.refuse_trigger(Workflow("w", data=Span), data=data)
    assert str(error) == "data: is refused by a validator of the type"


def test_a_serializer_decides_on_the_form(client: Client) -> None:
    class Written(BaseModel):
        secret: int
        left: int = Field(default=1, exclude=True)

        @field_serializer("secret")
        def _hide(self, value: int) -> list[str]:
            return ["*"] * value

    assert client.trigger(Workflow("w", data=Written), data=Written(secret=2))["data"] == {"secret": ["*", "*"]}
    with pytest.raises(ValidationError):
        Written.model_validate({"secret": ["*", "*"]})  # so what is sent is not what the model reads


def test_models_in_a_typed_dict_are_checked_too(client: Client) -> None:
    from typing_extensions import TypedDict

    class Given(TypedDict):
        author: Author

    workflow = Workflow("w", data=Given)
    assert client.trigger(workflow, data={"author": Author(fullName="a")})["data"] == {
        "author": {"fullName": "a", "age": None}
    }
    data = {"author": Author.model_construct(full_name="x" * 21)}
    problem = "data.author.fullName: must have at most 20 characters"
    assert str(client.refuse_trigger(workflow, data=data)) == problem


class Strict(BaseModel):
    n: Annotated[int, Field(ge=1)]


class Loose(Strict):
    n: Any


@dataclasses.dataclass
class Holder:
    strict: Strict
    box: Box[int]
    shown: SerializeAsAny[Strict]
    one: Literal[1] = 1


class Said(BaseModel):
    n: int = 0
    kind: str = ""

    @field_serializer("n")
    def _n(self, value: int) -> int:
        return "text" if self.kind == "n" else value  # type: ignore[return-value]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def size(self) -> int:
        """Is not what it says."""
        return "text" if self.kind == "size" else 1  # type: ignore[return-value]


def holder(**fields: Any) -> Holder:
    """Return valid data with some other fields."""
    return dataclasses.replace(Holder(Strict(n=1), Box(1), Strict(n=1)), **fields)


@pytest.mark.parametrize(
    ("data", "argument"),
    [
        (Loose(n=0), "data.n"),
        (holder(strict=Loose(n="x")), "data.strict.n"),
        (holder(strict=Loose(n=0)), "data.strict.n"),
        (holder(box=Box("x")), "data.box.content"),
        (holder(shown=Loose(n=0)), "data.shown.n"),
        (holder(one=True), "data.one"),
        (Said(kind="n"), "data.n"),
        (Said(kind="size"), "data.size"),
    ],
)
def test_what_the_schema_of_the_type_refuses_is_refused(client: Client, data: Any, argument: str) -> None:
    cls: Any = Strict if isinstance(data, Loose) else type(data)
    error = client.refuse_trigger(Workflow("w", data=cls), data=data)
    assert type(error) is InvalidArgumentError
    assert error.argument == argument


def test_subclasses_and_serializers_that_fit_are_accepted(client: Client) -> None:
    sent = client.trigger(Workflow("w", data=Holder), data=holder(strict=Loose(n=2)))["data"]
    assert sent == {"strict": {"n": 2}, "box": {"content": 1}, "shown": {"n": 1}, "one": 1}
    assert client.trigger(Workflow("w", data=Said), data=Said(n=2))["data"] == {"n": 2, "kind": "", "size": 1}


def test_a_model_that_refers_to_itself_is_refused(client: Client) -> None:
    class Node(BaseModel):
        inner: object = None

    class Chain(BaseModel):
        inner: Chain | None = None

    cyclic, deep = Node(), Chain()
    cyclic.inner = cyclic
    for _ in range(700):
        deep = Chain.model_construct(inner=deep)
    for data in (cyclic, deep):
        cls: Any = type(data)
        error = client.refuse_trigger(Workflow("w", data=cls), data=data)
        assert type(error) is InvalidArgumentError
        assert str(error) == "data: refers to itself, or is nested too deeply"


def test_a_set_of_models_is_refused(client: Client) -> None:
    class Item(BaseModel):
        model_config = ConfigDict(frozen=True)
        n: int

    class Items(BaseModel):
        items: frozenset[Item]

    error = client.refuse_trigger(Workflow("w", data=Items), data=Items(items=frozenset([Item(n=1)])))
    assert str(error) == "data.items: is a set of objects, which Pydantic does not write: use a list"
