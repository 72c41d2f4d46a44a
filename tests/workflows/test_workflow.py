"""The class `Workflow`: its arguments, its text, equality, copies, and the JSON schema of its data."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from typing import Any, Generic, TypeVar

import pytest
from jsonschema import Draft7Validator
from pydantic import BaseModel, RootModel, TypeAdapter, field_serializer, validate_call

import knock_sdk
from knock_sdk import InvalidArgumentError
from knock_sdk.workflows import Omittable, Workflow, WorkflowData

from .samples import ANYTHING, CLOSED, COMMENT, COMMENT_SENT, DIGEST, ORDER, VISIT, Comment

WORKFLOWS: list[Workflow[Any]] = [ANYTHING, CLOSED, COMMENT, DIGEST, ORDER, VISIT]
T = TypeVar("T")


class Held(BaseModel, Generic[T]):
    value: T


@pytest.mark.parametrize(
    ("key", "given", "argument", "problem"),
    [
        ("", {}, "key", "is empty: pass the key of the workflow"),
        (5, {}, "key", "must be a string, not int: pass the key of the workflow"),
        (COMMENT, {}, "key", "must be a string, not Workflow: pass the key of the workflow"),
        ("w", {"data": 5}, "data", "not int"),
        ("w", {"data": int}, "data", "not int"),
        ("w", {"data": list[int]}, "data", "not list[int]"),
        ("w", {"data": dict[str]}, "data", "not dict[str]"),  # type: ignore[misc]
        ("w", {"data": BaseModel}, "data", "not BaseModel"),
        ("w", {"data": RootModel}, "data", "not RootModel"),
        ("w", {"data": Comment.model_construct()}, "data", "not Comment"),
        ("w", {"data": {"type": "object"}}, "data", "not dict"),
        ("w", {"data": "Comment"}, "data", "not str"),
    ],
)
def test_wrong_arguments_are_refused(key: Any, given: dict[str, Any], argument: str, problem: str) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        Workflow(key, **given)
    assert caught.value.argument == argument
    assert str(caught.value).endswith(problem)


def test_its_parts_can_be_read_and_not_assigned() -> None:
    assert (COMMENT.key, COMMENT.data) == ("comment-created", Comment)
    assert (DIGEST.key, DIGEST.data) == ("weekly-digest", None)
    for name in ("key", "data"):
        with pytest.raises(AttributeError):
            setattr(COMMENT, name, None)


def test_its_text_is_the_call_that_makes_it() -> None:
    assert repr(COMMENT) == "Workflow('comment-created', data=Comment)"
    assert repr(ANYTHING) == "Workflow('anything', data=dict[str, object])"
    assert repr(DIGEST) == "Workflow('weekly-digest')"


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda each: each.key)
def test_it_equals_its_copies(workflow: Workflow[Any]) -> None:
    for other in (copy.copy(workflow), copy.deepcopy(workflow), pickle.loads(pickle.dumps(workflow))):
        assert other == workflow
        assert hash(other) == hash(workflow)
    assert workflow != Workflow("another", data=workflow.data)  # type: ignore[call-overload]
    assert workflow != workflow.key


def test_it_differs_from_one_with_another_type() -> None:
    assert Workflow("comment-created") != COMMENT
    assert len({COMMENT, Workflow("comment-created"), Workflow("comment-created", data=Comment)}) == 2


def test_it_can_be_an_argument_that_pydantic_checks() -> None:
    @validate_call
    def announce(workflow: Workflow[Any]) -> str:
        return workflow.key

    assert announce(COMMENT) == "comment-created"
    with pytest.raises(ValueError, match="instance of Workflow"):
        announce("comment-created")  # type: ignore[arg-type]


def test_its_schema_is_that_of_what_is_sent() -> None:
    schema = COMMENT.json_schema()
    assert schema is not None
    assert sorted(schema["required"]) == ["author", "commentText", "length"]
    assert schema["properties"]["commentText"]["maxLength"] == 100
    assert schema["properties"]["written_at"]["type"] == "string"
    Draft7Validator(schema).validate(COMMENT_SENT)
    assert VISIT.json_schema()["additionalProperties"] is False  # type: ignore[index]
    assert ANYTHING.json_schema() is None
    assert list(Draft7Validator(DIGEST.json_schema()).iter_errors({})) == []
    assert [each.validator for each in Draft7Validator(DIGEST.json_schema()).iter_errors({"a": 1})] == [
        "additionalProperties"
    ]


def test_a_serializer_of_unknown_form_is_described_as_anything() -> None:
    class Written(BaseModel):
        number: int
        annotated: int

        @field_serializer("number")
        def _number(self, value: int):  # type: ignore[no-untyped-def]
            return {"is": value}

        @field_serializer("annotated")
        def _annotated(self, value: int) -> str:
            return str(value)

    schema = Workflow("w", data=Written).json_schema()
    assert schema is not None
    assert schema["properties"]["annotated"]["type"] == "string"
    Draft7Validator(schema).validate({"number": {"is": 1}, "annotated": "1"})


def test_types_with_arguments_are_types_of_data() -> None:
    workflow = Workflow("w", data=Held[int])
    assert repr(workflow) == "Workflow('w', data=Held[int])"
    assert workflow.json_schema()["properties"]["value"]["type"] == "integer"  # type: ignore[index]


class Generated(WorkflowData):
    name: Omittable[str] = None
    nullable: str | None = None


def test_what_may_be_missing_is_left_out() -> None:
    assert Generated().model_dump() == {}
    assert Generated(name=None, nullable=None).model_dump() == {"nullable": None}
    assert Generated(name="a").model_dump_json() == '{"name":"a"}'
    schema = TypeAdapter(Generated).json_schema(mode="serialization")
    assert schema["properties"]["name"]["type"] == "string"
    assert {"type": "null"} in schema["properties"]["nullable"]["anyOf"]


def test_the_package_loads_it_when_it_is_first_used() -> None:
    assert knock_sdk.Workflow is Workflow
    program = (
        "import sys; from knock_sdk import Workflow; Workflow('w'); "
        "print(sorted(set(sys.modules) & {'pydantic', 'httpx', 'knock_sdk.testing', 'knock_sdk._sync'}))"
    )
    assert subprocess.check_output([sys.executable, "-c", program], text=True).strip() == "[]"
