"""The wait requested by Retry-After, in every format, which is never shortened."""

from __future__ import annotations

import math
from email.utils import formatdate

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from knock_sdk._core.retry import Cause, retry_after, wait_before

from .support import make_response

NOW = 1_900_000_000.0

SECONDS: list[tuple[dict[str, str], float | None]] = [
    ({}, None),
    ({"Retry-After": ""}, None),
    ({"Retry-After": "0"}, 0.0),
    ({"Retry-After": "2"}, 2.0),
    ({"retry-after": " 2 "}, 2.0),
    ({"Retry-After": "1.25"}, 1.25),
    ({"Retry-After": "2."}, 2.0),
    ({"Retry-After": ".5"}, 0.5),
    ({"Retry-After": "1e1"}, 10.0),
    ({"Retry-After": "007"}, 7.0),
    ({"Retry-After": "3600"}, 3600.0),
    ({"Retry-After": "9" * 30}, 1e12),
    ({"Retry-After": "9" * 5000}, 1e12),
    ({"Retry-After": "1e309"}, 1e12),
    ({"Retry-After": "-1"}, None),
    ({"Retry-After": "+1"}, None),
    ({"Retry-After": "1_0"}, None),
    ({"Retry-After": "0x10"}, None),
    ({"Retry-After": "1.5.5"}, None),
    ({"Retry-After": "5 s"}, None),
    ({"Retry-After": "nan"}, None),
    ({"Retry-After": "NaN"}, None),
    ({"Retry-After": "inf"}, None),
    ({"Retry-After": "Infinity"}, None),
    ({"Retry-After": "soon"}, None),
    ({"Retry-After": "\xb2"}, None),
    ({"Retry-After-Ms": "1500"}, 1.5),
    ({"Retry-After-Ms": "0.5"}, 0.0005),
    ({"Retry-After-Ms": "1500", "Retry-After": "9"}, 1.5),
    ({"Retry-After-Ms": "garbage", "Retry-After": "9"}, 9.0),
    ({"Retry-After-Ms": "-5", "Retry-After": "9"}, 9.0),
]


@pytest.mark.parametrize(("headers", "seconds"), SECONDS, ids=str)
def test_retry_after_is_read_from_a_number(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(make_response(429, headers=headers)) == seconds


DATES: list[tuple[str, float | None]] = [
    ("Thu, 17 Mar 2030 17:46:45 GMT", 5.0),
    ("Thu, 17 Mar 2030 18:46:45 +0100", 5.0),
    ("Thu, 17 Mar 2030 17:46:45 -0000", 5.0),
    ("Thu, 17 Mar 2030 17:46:45", 5.0),
    ("Thursday, 17-Mar-30 17:46:45 GMT", 5.0),
    ("Thu Mar 17 17:46:45 2030", 5.0),
    ("Thu, 17 Mar 2030 17:46:40 GMT", 0.0),
    ("Sun, 06 Nov 1994 08:49:37 GMT", 0.0),
    ("Fri, 31 Dec 9999 23:59:59 GMT", 251502300799.0),
    ("Fri, 31 Dec 99999 23:59:59 GMT", 1e12),
    ("Fri, 31 Dec 99999999999999999999 23:59:59 GMT", 1e12),
    ("Fri, 31 Dec " + "9" * 5000 + " 23:59:59 GMT", None),
    ("Fri, 31 Dec 2030 23:59:" + "9" * 20 + " GMT", 1e12),
    ("Fri, 31 Dec 2030 23:59:" + "9" * 400 + " GMT", None),
    ("Fri, 31 Foo 2030 23:59:59 GMT", None),
    ("Fri, 31 Dec", None),
    ("12 34", None),
    (",", None),
]


@pytest.mark.parametrize(("date", "seconds"), DATES, ids=lambda value: str(value)[:60])
def test_retry_after_is_read_from_a_date(date: str, seconds: float | None) -> None:
    assert retry_after(make_response(429, headers={"Retry-After": date}), lambda: NOW) == seconds


def test_a_date_is_relative_to_the_current_time() -> None:
    response = make_response(503, headers={"Retry-After": formatdate(timeval=None, usegmt=True)})
    seconds = retry_after(response)
    assert seconds is not None
    assert 0 <= seconds <= 1


@settings(max_examples=2500)
@given(st.text(st.characters(max_codepoint=255), max_size=60), st.sampled_from(["Retry-After", "Retry-After-Ms"]))
@example("Mon, 01 Jan 0000 00:00:00 GMT", "Retry-After")
@example("Mon, 01 Jan 2030 00:00:00 +99999999999999", "Retry-After")
@example("1" * 400 + "e" + "9" * 400, "Retry-After-Ms")
def test_any_header_is_read_as_seconds_or_none(text: str, name: str) -> None:
    seconds = retry_after(make_response(429, headers={name: text}))
    assert seconds is None or (math.isfinite(seconds) and seconds >= 0)


@settings(max_examples=2500)
@given(
    requested=st.floats(min_value=0, max_value=1e9, allow_nan=False),
    form=st.sampled_from(["seconds", "whole", "milliseconds", "date"]),
    chance=st.floats(min_value=0, max_value=1),
    attempt=st.integers(min_value=1, max_value=50),
    time_left=st.floats(min_value=0, max_value=200),
    throttled=st.booleans(),
)
def test_the_wait_is_never_shorter_than_requested(
    *, requested: float, form: str, chance: float, attempt: int, time_left: float, throttled: bool
) -> None:
    if form == "date":
        requested = float(int(requested))
        headers = {"Retry-After": formatdate(NOW + requested, usegmt=True)}
    elif form == "whole":
        requested = float(int(requested))
        headers = {"Retry-After": str(int(requested))}
    elif form == "milliseconds":
        headers = {"Retry-After-Ms": repr(requested * 1000)}
    else:
        headers = {"Retry-After": repr(requested)}
    response = make_response(429 if throttled else 503, headers=headers)
    parsed = retry_after(response, lambda: NOW)
    assert parsed == pytest.approx(requested)
    wait = wait_before(Cause(throttled=throttled, retry_after=parsed), attempt, time_left, lambda: chance)
    if parsed > 60 or parsed * (1 + 0.1 * chance) >= time_left:
        assert wait is None
    else:
        assert wait == pytest.approx(parsed * (1 + 0.1 * chance))
        assert parsed <= wait <= parsed * 1.1
