"""Options of a call."""

from __future__ import annotations

import math
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest

from knock_sdk._core.requests.options import RequestOptions, check_number, check_options, check_seconds
from knock_sdk.errors import InvalidArgumentError

SECONDS = "must be a positive number of seconds, 1,000,000 at most, or None for no limit"


def test_a_call_has_five_options() -> None:
    assert set(RequestOptions.__annotations__) == {
        "extra_headers",
        "extra_query",
        "extra_body",
        "timeout",
        "max_retries",
    }
    check_options({})
    check_options(
        {
            "extra_headers": MappingProxyType({"a": "b"}),
            "extra_query": {},
            "extra_body": None,
            "timeout": None,
            "max_retries": 0,
        }
    )


@pytest.mark.parametrize("name", ["time_out", "Timeout", "idempotency_key", "max_retry", "headers", ""])
def test_an_unknown_option_is_a_type_error(name: str) -> None:
    with pytest.raises(TypeError) as caught:
        check_options({"timeout": 1, name: 2})
    assert str(caught.value).partition(";")[0] == f"unexpected keyword argument {name!r}"


@pytest.mark.parametrize("name", ["extra_headers", "extra_query", "extra_body"])
@pytest.mark.parametrize("value", ["a=b", [("a", "b")], 5, {"a"}])
def test_extra_options_must_be_mappings(name: str, value: object) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        check_options({name: value})
    assert str(caught.value) == f"{name}: must be a mapping, not {type(value).__name__}"


@pytest.mark.parametrize("value", [None, 1, 0.001, 1e-300, 60, 1_000_000])
def test_a_valid_timeout_is_accepted(value: Any) -> None:
    check_seconds("timeout", value)


@pytest.mark.parametrize(
    "value", [0, 0.0, -1, -0.5, math.nan, math.inf, -math.inf, 10**400, 1_000_001, True, False, "5", Decimal(5), [5]]
)
def test_an_invalid_timeout_is_rejected(value: Any) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        check_options({"timeout": value})
    assert str(caught.value) == f"timeout: {SECONDS}"


@pytest.mark.parametrize("value", [0, 1, 10**9])
def test_a_valid_number_of_retries_is_accepted(value: int) -> None:
    check_number("max_retries", value, least=0)


@pytest.mark.parametrize("value", [-1, 1.0, math.nan, True, False, "2", None])
def test_an_invalid_number_of_retries_is_rejected(value: Any) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        check_options({"max_retries": value})
    assert str(caught.value) == "max_retries: must be a whole number, 0 or more"
