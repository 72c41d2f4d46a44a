"""Responses, failures, NOT_GIVEN and type guards."""

from __future__ import annotations

import copy
import pickle

import pytest

from knock_sdk import types as t
from knock_sdk._core.outcome import Failure, Oversized, Response
from knock_sdk._core.sentinel import NOT_GIVEN, NotGiven
from knock_sdk._core.type_guards import is_array, is_items, is_mapping, is_model, is_object
from tests.support.ids import short_id


def test_headers_are_found_in_any_case() -> None:
    response = Response(200, [(b"X-Request-Id", b" r1 "), (b"x-request-id", b"r2"), (b"X-A", b"caf\xe9")], b"")
    assert response.header(b"x-request-id") == "r1"
    assert response.header(b"x-a") == "caf\xe9"
    assert response.header(b"x-b") is None
    assert response.all_headers() == {"x-request-id": " r1 , r2", "x-a": "caf\xe9"}


def test_a_failure_has_its_problem_and_flags() -> None:
    failure = Failure("the connection was refused", sent=False)
    assert str(failure) == "the connection was refused"
    assert (failure.sent, failure.timed_out, failure.permanent, failure.reused) == (False, False, False, False)
    failure = Failure("x", sent=True, timed_out=True, permanent=True, reused=True)
    assert (failure.sent, failure.timed_out, failure.permanent, failure.reused) == (True, True, True, True)


def test_oversized_carries_the_response() -> None:
    response = Response(200, [], b"start")
    assert Oversized(response).response is response


def test_not_given_is_falsy_and_survives_copying() -> None:
    assert repr(NOT_GIVEN) == "NOT_GIVEN"
    assert not NOT_GIVEN
    for made in (copy.copy(NOT_GIVEN), copy.deepcopy(NOT_GIVEN), pickle.loads(pickle.dumps(NOT_GIVEN))):
        assert made is NOT_GIVEN


def test_not_given_is_the_only_value_of_its_class() -> None:
    assert type(NOT_GIVEN) is NotGiven
    assert list(NotGiven) == [NOT_GIVEN]
    assert NOT_GIVEN not in (None, False, 0, "", ...)


@pytest.mark.parametrize(
    ("value", "kinds"),
    [
        ({}, {"object", "mapping"}),
        ([], {"array", "items"}),
        ((), {"items"}),
        (set(), {"items"}),
        (frozenset(), {"items"}),
        ({}.keys(), {"items"}),
        ({}.values(), {"items"}),
        (range(2), {"items"}),
        ("text", set()),
        (b"bytes", set()),
        (bytearray(b"bytes"), set()),
        (None, set()),
        (5, set()),
        (iter([]), set()),
    ],
    ids=lambda value: short_id(sorted(value) if isinstance(value, set) else value),
)
def test_type_guards_recognize_mappings_and_collections(value: object, kinds: set[str]) -> None:
    tests = {"object": is_object, "array": is_array, "mapping": is_mapping, "items": is_items}
    assert {name for name, test in tests.items() if test(value)} == kinds


@pytest.mark.parametrize(
    "value",
    [
        list[t.User],
        dict[str, int],
        int,
        "User",
        None,
        t.RecipientReference,
        t.SuccessResponse(ok="ok"),
    ],
    ids=lambda v: str(v)[:20],
)
def test_is_model_rejects_values_that_are_not_model_classes(value: object) -> None:
    assert not is_model(value)


def test_is_model_accepts_a_model_class() -> None:
    assert is_model(t.User)
