"""Recipients' own `$trigger_data`: with the data of the trigger, it must be of the workflow's type."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel, ConfigDict, Field, RootModel, computed_field, field_validator, model_serializer

from knock_sdk import InvalidArgumentError
from knock_sdk.workflows import Workflow

from .samples import ANYTHING, COMMENT, COMMENT_SENT, DIGEST, ORDER, VISIT, Author, Comment, Line, Order, comment

if TYPE_CHECKING:
    from .conftest import Client


def own(data: Any, **fields: Any) -> dict[str, Any]:
    """Return an inline recipient with its own data."""
    return {"id": "ian", "$trigger_data": data, **fields}


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"count": 2}, {"count": 2, "length": 5}),
        ({"count": "2"}, {"count": 2, "length": 5}),
        ({"commentText": "Own text."}, {"commentText": "Own text.", "length": 9}),
        ({"author": {"fullName": "Ellie"}}, {"author": {"fullName": "Ellie", "age": None}, "length": 5}),
        ({"author": Author(fullName="Ellie")}, {"author": {"fullName": "Ellie", "age": None}, "length": 5}),
        ({"written_at": "2026-03-01T00:00:00Z"}, {"written_at": "on 01 March", "length": 5}),
        ({"tags": {"a"}}, {"tags": ["a"], "length": 5}),
        ({}, {"length": 5}),
        (comment(count=3), {**COMMENT_SENT, "count": 3}),
        (Author(fullName="x"), None),
    ],
)
def test_it_is_sent_as_the_type_writes_it(client: Client, given: Any, sent: dict[str, Any] | None) -> None:
    if sent is None:
        error = client.refuse_trigger(COMMENT, own(given), data=comment())
        assert error.argument == "recipients[0].$trigger_data.fullName"  # type: ignore[attr-defined]
        return
    body = client.trigger(COMMENT, "ana", own(given, name="Ian"), data=comment())
    assert body["recipients"] == ["ana", {"id": "ian", "name": "Ian", "$trigger_data": sent}]
    assert body["data"] == COMMENT_SENT


@pytest.mark.parametrize(
    ("workflow", "data", "given", "problem"),
    [
        (COMMENT, comment(), {"count": 0}, ".count: must be greater than or equal to 1"),
        (COMMENT, comment(), {"author": {"fullName": "x" * 21}}, ".author.fullName: must have at most 20 characters"),
        (COMMENT, comment(), {"author": Author.model_construct(full_name=5)}, ".author.fullName: must be a valid"),
        (COMMENT, comment(), {"text": "x"}, ".text: is sent as 'commentText': use this name"),
        (COMMENT, comment(), {"coment": "x"}, ".coment: is not a field of the type of the workflow's data"),
        (COMMENT, comment(), Comment.model_construct(), ".commentText: is missing"),
        (COMMENT, comment(), [1], ": must be a mapping or a model, not list"),
        (COMMENT, comment(), "text", ": must be a mapping or a model, not str"),
        (ORDER, Order(1), {"lines": [{"sku": "a", "qty": 0}]}, ".lines[0].qty: must be greater than or equal to 1"),
        (ORDER, Order(1), {"lines": [Line("a", 0)]}, ".lines[0].quantity: must be greater than or equal to 1"),
        (VISIT, {"visitor": "a"}, {"days": 0}, ".days: must be greater than or equal to 1"),
        (VISIT, {"visitor": "a"}, {"dayz": 1}, ".dayz: is not a field of the type of the workflow's data"),
        (VISIT, {"visitor": "a"}, {"visitor": None}, ".visitor: must be a valid string"),
    ],
)
def test_a_wrong_one_is_refused_with_the_recipient(
    client: Client, workflow: Any, data: Any, given: Any, problem: str
) -> None:
    error = client.refuse_trigger(workflow, "ana", {"id": "ellie"}, own(given), data=data)
    assert type(error) is InvalidArgumentError
    assert str(error).startswith(f"recipients[2].$trigger_data{problem}")


def test_those_of_dataclasses_and_typed_dicts_are_sent(client: Client) -> None:
    body = client.trigger(ORDER, own({"lines": [{"sku": "b", "qty": 3}]}), data=Order(1))
    assert body["recipients"][0]["$trigger_data"] == {"lines": [{"sku": "b", "qty": 3}]}
    body = client.trigger(VISIT, own({"place": {"city": "Faro"}}), data={"visitor": "a", "days": 2})
    assert body["recipients"][0]["$trigger_data"] == {"place": {"city": "Faro"}}


def test_a_recipient_may_be_a_model(client: Client) -> None:
    class Recipient(BaseModel):
        id: str
        trigger_data: Any = Field(alias="$trigger_data")

    body = client.trigger(COMMENT, Recipient.model_validate(own({"count": 4})), data=comment())
    assert body["recipients"] == [own({"count": 4, "length": 5})]
    error = client.refuse_trigger(COMMENT, Recipient.model_validate(own({"count": 0})), data=comment())
    assert error.argument == "recipients[0].$trigger_data.count"  # type: ignore[attr-defined]


def test_without_own_data_recipients_are_sent_as_they_are(client: Client) -> None:
    recipients = ["ana", {"id": "p", "collection": "projects"}, {"id": "ian", "name": "Ian"}, own(None)]
    assert client.trigger(COMMENT, *recipients, data=comment())["recipients"] == recipients


def test_recipients_may_be_a_tuple_or_a_set(client: Client) -> None:
    for recipients in ((own({"count": 2}),), {"ana"}):
        sent = client.send(lambda each, to=recipients: each.workflows.trigger(COMMENT, recipients=to, data=comment()))
        assert (b'"count":2' in sent.body) == isinstance(recipients, tuple)


def test_one_recipient_without_brackets_is_refused(client: Client) -> None:
    for wrong in ("ana", own({"count": 2}), 5):
        error = client.refuse(lambda each, to=wrong: each.workflows.trigger(COMMENT, recipients=to, data=comment()))
        assert type(error) is InvalidArgumentError
        assert error.argument == "recipients"


def test_any_is_sent_where_the_data_may_be_any(client: Client) -> None:
    assert client.trigger(ANYTHING, own({"any": 1}), data={})["recipients"] == [own({"any": 1})]


def test_none_is_taken_where_there_is_no_data(client: Client) -> None:
    error = client.refuse_trigger(DIGEST, own({"any": 1}))
    assert str(error).startswith("recipients[0].$trigger_data: is not taken by Workflow('weekly-digest')")


def test_names_that_are_read_and_written_differently(client: Client) -> None:
    class Renamed(BaseModel):
        model_config = ConfigDict(extra="forbid")
        first: int = Field(validation_alias="in_1", serialization_alias="out_1")
        second: int = Field(default=0, serialization_alias="first")

    workflow = Workflow("w", data=Renamed)
    data = Renamed.model_validate({"in_1": 1})
    body = client.trigger(workflow, own({"out_1": 2, "first": 3}), data=data)
    assert body["data"] == {"out_1": 1, "first": 0}
    assert body["recipients"][0]["$trigger_data"] == {"out_1": 2, "first": 3}


def test_a_thousand_recipients_with_their_own_data_are_checked(client: Client) -> None:
    recipients = [{"id": f"u{number}", "$trigger_data": {"count": number + 1}} for number in range(1000)]
    sent = client.trigger(COMMENT, *recipients, data=comment())["recipients"]
    assert [each["$trigger_data"]["count"] for each in sent] == list(range(1, 1001))
    recipients[999]["$trigger_data"] = {"count": 0}
    error = client.refuse_trigger(COMMENT, *recipients, data=comment())
    assert error.argument == "recipients[999].$trigger_data.count"  # type: ignore[attr-defined]


class Au(BaseModel):
    name: str
    age: int = 0


class Shared(BaseModel):
    model_config = ConfigDict(extra="allow")
    full_name: str = Field(default="a", alias="fullName")
    a: int = 1
    au: Au = Au(name="x")
    by_name: dict[str, Au] = {}

    @computed_field(alias="dbl")  # type: ignore[prop-decorator]
    @property
    def double(self) -> int:
        """Follows from another field."""
        return self.a * 2


@dataclasses.dataclass
class Derived:
    a: int
    b: int = dataclasses.field(init=False, default=0)

    def __post_init__(self) -> None:
        self.b = self.a * 2


class Rewritten(BaseModel):
    a: int = 1

    @model_serializer
    def _write(self) -> dict[str, int]:
        return {"hello": self.a}


class Counts(RootModel[dict[str, int]]):
    pass


class Either(RootModel[Au | Rewritten]):
    pass


@pytest.mark.parametrize(
    ("data", "given", "place"),
    [
        (Shared(), {"dbl": 5}, "dbl: follows from other fields"),
        (Shared(), {"full_name": "b"}, "full_name: is sent as 'fullName'"),
        (Shared(), {"au": {"name": "z", "agee": 5}}, "au.agee: is not a field"),
        (Shared(), {"by_name": {"k": {"name": "z", "agee": 5}}}, "by_name.k.agee: is not a field"),
        (Derived(1), {"b": 3}, "b: follows from other fields"),
        (Rewritten(), {"hello": 2}, "hello: is not a field"),
        (Counts({"a": 1}), {"a": "x"}, "a: must be a valid integer"),
        (Either(Au(name="x")), {"agee": 1}, "agee: is not a field"),
    ],
)
def test_a_value_that_would_be_lost_or_replaced_is_refused(client: Client, data: Any, given: Any, place: str) -> None:
    error = client.refuse_trigger(Workflow("w", data=type(data)), own(given), data=data)
    assert type(error) is InvalidArgumentError
    assert str(error).startswith(f"recipients[0].$trigger_data.{place}")


@pytest.mark.parametrize(
    ("data", "given", "sent"),
    [
        (Counts({"a": 1, "b": 1}), {"a": 2}, {"a": 2}),
        (Either(Au(name="x")), {"age": 2}, {"age": 2}),
        (Derived(1), {"a": 2}, {"a": 2, "b": 4}),
        (Shared(), {"fullName": "b", "more": 1}, {"fullName": "b", "more": 1, "dbl": 2}),
    ],
)
def test_what_follows_from_own_data_is_sent_too(client: Client, data: Any, given: Any, sent: Any) -> None:
    body = client.trigger(Workflow("w", data=type(data)), own(given), data=data)
    assert body["recipients"][0]["$trigger_data"] == sent


def test_a_model_with_an_init_of_its_own_is_read_without_it(client: Client) -> None:
    class Made(BaseModel):
        a: int

        def __init__(self, number: int) -> None:
            super().__init__(a=number)

    body = client.trigger(Workflow("w", data=Made), own({"a": 3}), data=Made(2))
    assert body["recipients"][0]["$trigger_data"] == {"a": 3}
    error = client.refuse_trigger(Workflow("w", data=Made), own({"a": "x"}), data=Made(2))
    assert str(error).startswith("recipients[0].$trigger_data.a: must be a valid integer")


def test_an_error_names_the_key_that_was_given(client: Client) -> None:
    class Renamed(BaseModel):
        first: int = Field(validation_alias="in_1", serialization_alias="out_1")

    data = Renamed.model_validate({"in_1": 1})
    error = client.refuse_trigger(Workflow("w", data=Renamed), own({"out_1": "x"}), data=data)
    assert error.argument == "recipients[0].$trigger_data.out_1"  # type: ignore[attr-defined]


def test_what_a_validator_raises_names_the_recipient(client: Client) -> None:
    class Picky(BaseModel):
        name: str

        @field_validator("name")
        @classmethod
        def _check(cls, value: str) -> str:
            if value != "known":
                raise KeyError(value)
            return value

    error = client.refuse_trigger(Workflow("w", data=Picky), own({"name": "canary"}), data=Picky(name="known"))
    assert str(error).startswith("recipients[0].$trigger_data: cannot be read: ")
    assert str(error).endswith("raised KeyError")
    assert (error.__cause__, error.__context__) == (None, None)
