"""Annotations that are evaluated: those of everything public, and the types of `knock_sdk.params`."""

from __future__ import annotations

import copy
import dataclasses
import functools
import inspect
import pickle
import subprocess
import sys
import typing
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from types import FunctionType
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError, validate_call

import knock_sdk
from codegen.contract.document import load
from knock_sdk import (
    AsyncKnock,
    Knock,
    NotGiven,
    Page,
    RequestOptions,
    errors,
    export,
    params,
    testing,
    types,
    user_tokens,
)
from knock_sdk._core.responses.model import Model
from knock_sdk.testing import Simulator, asgi
from tests.support.paths import CONTRACT_FILE

CONTRACT = load(CONTRACT_FILE)
PACKAGES = [knock_sdk, errors, export, params, testing, types, asgi, user_tokens]
PUBLIC = {f"{package.__name__}.{name}": getattr(package, name) for package in PACKAGES for name in package.__all__}
CLASSES: dict[str, type] = {name: value for name, value in PUBLIC.items() if isinstance(value, type)}


def functions_of(owner: type) -> Iterator[FunctionType]:
    """Yield the functions behind the public and special methods of a class, and behind its properties."""
    for name in dir(owner):
        value = inspect.getattr_static(owner, name, None)
        for attribute in ("func", "fget", "__func__"):
            value = getattr(value, attribute, value)
        is_public = not name.startswith("_") or (name.endswith("__") and "pydantic" not in name)
        if isinstance(value, FunctionType) and is_public and value.__module__.startswith("knock_sdk"):
            yield value


def resources(owner: type) -> Iterator[type]:
    """Yield a client's class, and those of all groups of methods below it."""
    yield owner
    for name in dir(owner):
        value = inspect.getattr_static(owner, name)
        if isinstance(value, functools.cached_property):
            yield from resources(typing.get_type_hints(value.func)["return"])


FUNCTIONS = {
    f"{function.__module__}.{function.__qualname__}": function
    for owner in [*resources(Knock), *resources(AsyncKnock), *CLASSES.values()]
    for function in functions_of(owner)
} | {name: value for name, value in PUBLIC.items() if isinstance(value, FunctionType)}


def test_every_method_is_found() -> None:
    for half in ("_sync", "_async"):
        found = {name for name in FUNCTIONS if f".{half}.resources." in name and not name.endswith("__init__")}
        assert len(found) >= len({operation.method for operation in CONTRACT.operations if operation.method})
    of_the_simulator = {name.rpartition(".")[2] for name in FUNCTIONS if name.startswith("knock_sdk.testing.")}
    assert of_the_simulator >= {name for name in dir(Simulator) if not name.startswith("_")}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_annotations_can_be_evaluated(name: str) -> None:
    function = FUNCTIONS[name]
    hints = typing.get_type_hints(function)
    assert set(hints) == set(function.__annotations__)
    signature = inspect.signature(function, eval_str=True)
    assert not [each for each in signature.parameters.values() if isinstance(each.annotation, str)]
    assert not isinstance(signature.return_annotation, str)


FIRST_READS = [
    "typing.get_type_hints(method)['recipients']",
    "inspect.signature(method, eval_str=True).parameters['recipients'].annotation",
    "inspect.get_annotations(method, eval_str=True)['recipients']",
    "eval(method.__annotations__['recipients'], method.__func__.__globals__)",
    "[eval(text, method.__func__.__globals__) for text in method.__annotations__.values()]",
    "eval({**method.__annotations__}['recipients'], method.__func__.__globals__)",
]


@pytest.mark.parametrize("first", FIRST_READS)
@pytest.mark.parametrize("client", ["Knock", "AsyncKnock"])
def test_the_first_reading_in_a_process_finds_everything(first: str, client: str) -> None:
    program = f"""
import inspect, sys, typing
from knock_sdk import {client}
method = {client}(api_key="sk_test").workflows.trigger
loaded = set(sys.modules)
inspect.signature(method).bind("digest", recipients=[])
assert "RecipientRequest" in str({first}) or "InlineIdentifyUserRequest" in str({first})
assert "knock_sdk.params.recipients" not in loaded
"""
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True, timeout=120)


def test_hints_are_the_public_types() -> None:
    hints = typing.get_type_hints(Knock(api_key="sk_test").users.update)
    assert hints["email"] == str | NotGiven | None
    assert hints["properties"] == Mapping[str, object] | NotGiven | None
    assert hints["created_at"] == datetime | str | NotGiven | None
    assert hints["return"] is types.User
    assert typing.get_args(hints["options"]) == (RequestOptions,)
    assert typing.get_type_hints(Knock(api_key="sk_test").users.list)["return"] == Page[types.User]


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))])
def test_a_copy_of_annotations_is_a_plain_dict(duplicate: Callable[[Any], Any]) -> None:
    annotations = Knock(api_key="sk_test").users.get.__annotations__
    copied = duplicate(annotations)
    assert type(copied) is dict
    assert copied == annotations == {"user_id": "str", "options": "Unpack[RequestOptions]", "return": "t.User"}


@pytest.mark.parametrize("name", CLASSES)
def test_annotations_of_a_class_can_be_evaluated(name: str) -> None:
    assert not [hint for hint in typing.get_type_hints(CLASSES[name]).values() if isinstance(hint, str)]


def test_pydantic_can_validate_calls() -> None:
    client = Simulator().client()
    trigger = validate_call(client.workflows.trigger)
    assert trigger("digest", recipients=["ian"], data={"n": 1}).workflow_run_id
    with pytest.raises(ValidationError, match="recipients"):
        trigger("digest", recipients="ian")  # type: ignore[arg-type]
    with pytest.raises(ValidationError, match="frequency"):
        validate_call(client.schedules.create)(workflow="w", recipients=["ian"], repeats=[{"frequency": 5}])  # type: ignore[typeddict-item]


def test_a_signature_still_shows_annotations_as_they_are_written() -> None:
    signature = inspect.signature(Knock(api_key="sk_test").users.get)
    assert str(signature) == "(user_id: 'str', **options: 'Unpack[RequestOptions]') -> 't.User'"


@dataclasses.dataclass
class Repeat:
    frequency: str


class Settings(BaseModel):
    skip_delay: bool


def validate(name: str, value: object) -> Any:
    """Return a value as Pydantic reads it with a type of `knock_sdk.params`."""
    return TypeAdapter[Any](getattr(params, name)).validate_python(value)


@pytest.mark.parametrize("name", params.__all__)
def test_pydantic_can_use_every_type(name: str) -> None:
    adapter = TypeAdapter[Any](params.Items[str] if name == "Items" else getattr(params, name))
    assert adapter.json_schema()


TRIGGER = {
    "recipients": ["ian", {"id": "ada", "plan": "pro"}, {"id": "p", "collection": "projects", "size": 3}],
    "data": {"any": {"thing": [1, None]}},
    "settings": {"skip_delay": True},
    "tenant": {"id": "acme", "region": "eu"},
}
VALID: dict[str, tuple[str, Any]] = {
    "open and closed shapes": ("TriggerWorkflowRequest", TRIGGER),
    "a model": ("TriggerWorkflowRequest", {"recipients": ["ian"], "settings": Settings(skip_delay=True)}),
    "a dataclass": ("CreateSchedulesRequest", {"workflow": "w", "recipients": ["i"], "repeats": [Repeat("daily")]}),
    "a map by key": ("PreferenceSetRequest", {"workflows": {"w": True, "v": {"channel_types": {"email": False}}}}),
    "channel data": ("ChannelDataRequest", {"data": {"connections": [{"channel_id": "C1"}]}}),
    "custom properties": ("IdentifyUserRequest", {"name": "Ian", "plan": "pro"}),
}


@pytest.mark.parametrize(("name", "value"), VALID.values(), ids=VALID)
def test_a_valid_value_is_returned_unchanged(name: str, value: object) -> None:
    assert validate(name, value) == value


@pytest.mark.parametrize("make", [list, tuple, set, dict.fromkeys, lambda items: dict(enumerate(items)).values()])
def test_pydantic_reads_every_kind_of_items(make: Callable[[list[str]], Any]) -> None:
    adapter = TypeAdapter[Any](params.Items[str])
    value = make(["ian"])
    if isinstance(value, dict):
        with pytest.raises(ValidationError):
            adapter.validate_python(value)
    else:
        assert adapter.validate_python(value) == ["ian"]


INVALID: dict[str, tuple[str, Any, str]] = {
    "a misspelt key": ("ScheduleRepeatRule", {"frequency": "daily", "hour": 9}, "hour"),
    "a wrong type": ("ScheduleRepeatRule", {"frequency": 5}, "frequency"),
    "a missing key": ("ScheduleRepeatRule", {}, "frequency"),
    "a misspelt key inside": ("PreferenceSetRequest", {"channel_types": {"emial": False}}, "emial"),
    "a string for items": ("TriggerWorkflowRequest", {"recipients": "ian"}, "recipients"),
    "a mapping for a model": ("JSONModel", {}, "must be a Pydantic model or a dataclass"),
    "a class for a dataclass": ("JSONModel", Repeat, "must be a Pydantic model or a dataclass"),
}


@pytest.mark.parametrize(("name", "value", "named"), INVALID.values(), ids=INVALID)
def test_an_invalid_value_is_refused(name: str, value: object, named: str) -> None:
    with pytest.raises(ValidationError, match=named):
        validate(name, value)


def test_a_model_of_a_response_can_be_sent_back() -> None:
    rule = types.ScheduleRepeatRule(frequency="daily")
    assert isinstance(rule, Model)
    assert validate("UpdateSchedulesRequest", {"schedule_ids": ["s"], "repeats": [rule]})["repeats"] == [rule]
