"""Calls of typed workflows: what is sent, and what is refused before anything is sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import pytest
from pydantic import BaseModel, Field, RootModel, SecretStr, field_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from knock_sdk import InvalidArgumentError
from knock_sdk.workflows import Workflow

from .samples import (
    ANYTHING,
    CLOSED,
    COMMENT,
    COMMENT_SENT,
    DIGEST,
    ORDER,
    VISIT,
    Closed,
    Comment,
    Line,
    Order,
    Place,
    comment,
)

if TYPE_CHECKING:
    from .conftest import Client

CANARY = "canary-7391"


def chain_of(error: BaseException | None) -> str:
    """Return the texts of an error and of all that led to it."""
    texts = []
    while error is not None:
        texts.append(f"{error!s} {error!r} {error.args!r}")
        error = error.__cause__ or error.__context__
    return "\n".join(texts)


def test_a_model_is_sent_as_it_writes_itself(client: Client) -> None:
    assert client.trigger(COMMENT, data=comment()) == {"recipients": ["ana"], "data": COMMENT_SENT}


def test_the_key_is_that_of_the_workflow(client: Client) -> None:
    sent = client.send(lambda each: each.workflows.trigger(COMMENT, recipients=["ana"], data=comment()))
    assert sent.path == "/v1/workflows/comment-created/trigger"


def test_a_dataclass_is_sent_with_its_aliases(client: Client) -> None:
    order = Order(7, [Line("a", 2)], datetime(2026, 1, 5, 8, tzinfo=timezone.utc))
    assert client.trigger(ORDER, data=order)["data"] == {
        "number": 7,
        "lines": [{"sku": "a", "qty": 2}],
        "placed_at": "2026-01-05T08:00:00Z",
    }


def test_a_typed_dict_is_sent_as_its_type_writes_it(client: Client) -> None:
    number = UUID("0c4a7b1e-3f58-4d6a-9c27-5e8f1a2b3c4d")
    data = {"visitor": "Ana", "place": {"city": "Porto"}, "days": 2, "id": number}
    assert client.trigger(VISIT, data=data)["data"] == {**data, "id": str(number)}


def test_a_typed_dict_is_read_as_pydantic_reads_input(client: Client) -> None:
    assert client.trigger(VISIT, data={"visitor": "Ana", "days": "2"})["data"] == {"visitor": "Ana", "days": 2}


def test_other_arguments_are_sent_as_with_a_key(client: Client) -> None:
    given = {"actor": "ian", "tenant": "ingen", "cancellation_key": "c", "settings": {"skip_delay": True}}
    typed = client.trigger(COMMENT, data=comment(), **given)
    assert typed == {**client.trigger("comment-created", data=COMMENT_SENT, **given)}


@pytest.mark.parametrize("given", [{}, {"data": None}, {"data": {"any": ["thing"]}}, {"data": comment()}])
def test_any_data_or_none_is_sent_where_the_type_is_a_dict(client: Client, given: dict[str, Any]) -> None:
    assert client.trigger(ANYTHING, **given) == client.trigger("anything", **given)


def test_a_workflow_without_data_sends_none(client: Client) -> None:
    assert client.trigger(DIGEST) == {"recipients": ["ana"]}
    assert client.trigger(DIGEST, data=None) == {"recipients": ["ana"]}
    error = client.refuse_trigger(DIGEST, data={})
    assert str(error) == (
        "data: is not taken by Workflow('weekly-digest'): leave it out, or give the workflow a type, such as "
        "data=dict[str, object]"
    )


def test_a_cancellation_takes_a_workflow(client: Client) -> None:
    sent = client.send(
        lambda each: each.workflows.cancel(COMMENT, cancellation_key="c"), "POST /v1/workflows/{key}/cancel"
    )
    assert sent.path == "/v1/workflows/comment-created/cancel"
    assert json.loads(sent.body) == {"cancellation_key": "c"}


def test_a_schedule_is_created_with_checked_data(client: Client) -> None:
    def create(data: Any) -> Any:
        return lambda each: each.schedules.create(recipients=["ana"], workflow=COMMENT, data=data)

    body = json.loads(client.send(create(comment()), "POST /v1/schedules").body)
    assert body == {"recipients": ["ana"], "workflow": "comment-created", "data": COMMENT_SENT}
    assert str(client.refuse(create(comment(count=1).model_copy(update={"count": 0})))).startswith("data.count: ")


@pytest.mark.parametrize(
    ("call", "operation"),
    [
        (lambda each: each.schedules.list(workflow=COMMENT), "GET /v1/schedules"),
        (lambda each: each.users.list_schedules("ana", workflow=COMMENT), "GET /v1/users/{user_id}/schedules"),
        (
            lambda each: each.objects.list_schedules("projects", "p", workflow=COMMENT),
            "GET /v1/objects/{collection}/{id}/schedules",
        ),
        (lambda each: each.workflow_recipient_runs.list(workflow=COMMENT), "GET /v1/workflow_recipient_runs"),
    ],
)
def test_a_filter_takes_a_workflow(client: Client, call: Any, operation: str) -> None:
    assert ("workflow", "comment-created") in client.send(call, operation).query


@pytest.mark.parametrize(
    ("workflow", "data", "problem"),
    [
        (COMMENT, {"commentText": "x"}, "data: must be an instance of Comment, not dict"),
        (COMMENT, Order(1), "data: must be an instance of Comment, not Order"),
        (COMMENT, "text", "data: must be an instance of Comment, not str"),
        (COMMENT, Comment, "data: must be an instance of Comment, not ModelMetaclass"),
        (ORDER, comment(), "data: must be an instance of Order, not Comment"),
        (COMMENT, None, "data: is missing: Workflow('comment-created', data=Comment) requires it"),
        (VISIT, [], "data: must be a mapping, not list"),
        (VISIT, {}, "data.visitor: is missing; the type of the workflow's data requires it"),
        (VISIT, {"visitor": 5}, "data.visitor: must be a valid string"),
        (VISIT, {"visitor": "a", "days": 0}, "data.days: must be greater than or equal to 1"),
        (VISIT, {"visitor": "a", "place": {"city": 5}}, "data.place.city: must be a valid string"),
        (
            VISIT,
            {"visitor": "a", "dayz": 1},
            "data.dayz: is not a field of the type of the workflow's data: check its name, or leave it out",
        ),
        (
            VISIT,
            {"visitor": "a", "place": {"city": "b", "zip": 1}},
            "data.place.zip: is not a field of the type of the workflow's data: check its name, or leave it out",
        ),
    ],
)
def test_wrong_data_is_refused_with_its_place(client: Client, workflow: Any, data: Any, problem: str) -> None:
    error = client.refuse_trigger(workflow, data=data)
    assert type(error) is InvalidArgumentError
    assert str(error) == problem


def test_data_is_required(client: Client) -> None:
    assert str(client.refuse_trigger(COMMENT)).startswith("data: is missing")


@pytest.mark.parametrize("key", [5, None, b"w", Comment])
def test_what_is_neither_a_key_nor_a_workflow_is_refused(client: Client, key: Any) -> None:
    error = client.refuse_trigger(key, data={})
    assert type(error) is InvalidArgumentError
    assert error.argument == "key"


def test_values_that_json_cannot_represent_are_refused_as_without_a_type(client: Client) -> None:
    class Secretive(BaseModel):
        ratio: float = 1.0
        content: bytes | None = None
        token: SecretStr | None = None
        any: object = None

    workflow = Workflow("w", data=Secretive)
    for field, value in {
        "ratio": float("nan"),
        "content": b"\xff",
        "token": SecretStr(CANARY),
        "any": object(),
    }.items():
        error = client.refuse_trigger(workflow, data=Secretive.model_construct(**{field: value}))
        assert type(error) is InvalidArgumentError
        assert error.argument == f"data.{field}"  # type: ignore[attr-defined]
        assert CANARY not in chain_of(error)


def test_no_value_is_shown(client: Client) -> None:
    class Token(BaseModel):
        token: str
        kind: str = ""

        @field_validator("token")
        @classmethod
        def _check(cls, value: str) -> str:
            if value == CANARY:
                raise ValueError(f"the token {value} is too old")
            return value

        @field_validator("kind")
        @classmethod
        def _check_kind(cls, value: str) -> str:
            if value:
                raise ValueError("only an empty kind is allowed")
            return value

    workflow = Workflow("w", data=Token)
    error = client.refuse_trigger(workflow, data=Token.model_construct(token=CANARY))
    assert str(error) == "data.token: is refused by a validator of the type"
    assert CANARY not in chain_of(error)
    error = client.refuse_trigger(workflow, data=Token.model_construct(token="t", kind="x9"))
    assert str(error) == "data.kind: is refused by a validator of the type"
    for data in ({"visitor": {CANARY: CANARY}}, {"visitor": "a", "id": CANARY}):
        assert CANARY not in chain_of(client.refuse_trigger(VISIT, data=data))


def test_what_a_validator_raises_becomes_an_error_of_the_package(client: Client) -> None:
    class Broken(BaseModel):
        name: str

        @field_validator("name")
        @classmethod
        def _check(cls, value: str) -> str:
            raise LookupError(CANARY)

    error = client.refuse_trigger(Workflow("w", data=Broken), data=Broken.model_construct(name="a"))
    assert type(error) is InvalidArgumentError
    assert str(error) == "data: cannot be read: an object in it, or its type, raised LookupError"
    assert CANARY not in chain_of(error)


def test_a_type_that_pydantic_cannot_read_is_an_error_of_the_package(client: Client) -> None:
    class Odd(TypedDict):
        handle: Client  # type: ignore[valid-type]

    error = client.refuse_trigger(Workflow("w", data=Odd), data={"handle": 1})
    assert type(error) is InvalidArgumentError
    assert str(error).startswith("data: has a type that Pydantic cannot read: ")


def test_data_that_refers_to_itself_is_refused(client: Client) -> None:
    class Node(TypedDict):
        inner: object

    data: dict[str, Any] = {}
    data["inner"] = data
    error = client.refuse_trigger(Workflow("w", data=Node), data=data)
    assert type(error) is InvalidArgumentError


def test_data_that_becomes_no_object_is_refused(client: Client) -> None:
    class Numbers(RootModel[list[int]]):
        pass

    class Counts(RootModel[dict[str, int]]):
        pass

    error = client.refuse_trigger(Workflow("w", data=Numbers), data=Numbers([1]))
    assert str(error) == "data: must become a JSON object, which Numbers does not"
    assert client.trigger(Workflow("w", data=Counts), data=Counts({"a": 1}))["data"] == {"a": 1}


def test_other_mappings_than_dicts_are_typed_dicts_too(client: Client) -> None:
    class Given(Mapping[str, object]):
        def __getitem__(self, name: str) -> object:
            return {"visitor": "Ana"}[name]

        def __iter__(self) -> Any:
            return iter(["visitor"])

        def __len__(self) -> int:
            return 1

    assert client.trigger(VISIT, data=Given())["data"] == {"visitor": "Ana"}


def test_a_dict_with_values_of_one_type_is_checked(client: Client) -> None:
    workflow = Workflow("w", data=dict[str, int])
    assert client.trigger(workflow, data={"a": 1})["data"] == {"a": 1}
    assert str(client.refuse_trigger(workflow, data={"a": "x"})).startswith("data.a: must be a valid integer")
    assert str(client.refuse_trigger(workflow)).startswith("data: is missing")


def test_a_frozen_model_with_the_values_of_enums_is_sent(client: Client) -> None:
    assert client.trigger(CLOSED, data=Closed(name="a"))["data"] == {"name": "a", "priority": "low"}
    given = Closed.model_validate({"name": "a", "priority": "high"})
    assert client.trigger(CLOSED, data=given)["data"] == {"name": "a", "priority": "high"}


def test_no_text_of_a_validator_is_shown_under_a_type_of_pydantic(client: Client) -> None:
    class Token(BaseModel):
        token: str

        @field_validator("token")
        @classmethod
        def _check(cls, value: str) -> str:
            raise PydanticCustomError("string_type", "the value {v} is bad", {"v": value.upper()})

    error = client.refuse_trigger(Workflow("w", data=Token), data=Token.model_construct(token=CANARY))
    assert str(error) == "data.token: is refused by a validator of the type"
    assert CANARY not in chain_of(error).lower()


class Named(TypedDict, total=False):
    a: Annotated[int, Field(alias="A")]
    full: Annotated[str, Field(alias="fullName")]
    inner: Place


@pytest.mark.parametrize(
    ("data", "argument"),
    [
        ({"a": 1, "A": 2}, "data.a"),
        ({"A": 1, "b": 2}, "data.b"),
        ({"inner": {"city": "x", "zip": 1}}, "data.inner.zip"),
        ({"fullName": b"x"}, "data.fullName"),
    ],
)
def test_what_a_typed_dict_would_overlook_is_refused(client: Client, data: Any, argument: str) -> None:
    error = client.refuse_trigger(Workflow("w", data=Named), data=data)
    assert type(error) is InvalidArgumentError
    assert error.argument == argument


def test_keys_that_become_the_same_text_are_refused(client: Client) -> None:
    error = client.refuse_trigger(Workflow("w", data=dict[int, int]), data={1: 2, "1": 3})  # type: ignore[type-var]
    assert str(error) == "data: has two keys that become the same text: rename one of them"


def test_a_workflow_in_a_bulk_call_is_refused_with_advice(client: Client) -> None:
    error = client.refuse(
        lambda each: each.schedules.bulk.create(schedules=[{"workflow": COMMENT, "recipient": "ana"}])
    )
    assert "is a Workflow: pass its .key" in str(error)
