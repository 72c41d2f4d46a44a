"""Numbers that no float can hold, and times after the year 9999, are refused, and never stored or answered."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import httpx
import pytest

from knock_sdk.testing import HTTPRequest, Simulator
from knock_sdk.testing.state.json_text import NumberTooLargeError, parse_json
from tests.simulator.support.pair import SECRET

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADERS = [(b"authorization", SECRET.encode()), (b"content-type", b"application/json")]
LAST = datetime.max.replace(tzinfo=timezone.utc)


@pytest.fixture
def controls(sim: Simulator) -> Iterator[httpx.Client]:
    headers = {"content-type": "application/json"}
    with sim.serve() as url, httpx.Client(base_url=f"{url}/_simulator", headers=headers, trust_env=False) as client:
        yield client


@pytest.mark.parametrize("text", ["1e400", "-1e400", "1E+999", "1e00000400", '[{"a": [1e400]}]', "9" * 300 + "e99"])
def test_a_number_that_is_too_large_is_no_value(text: str) -> None:
    for given in (text, text.encode()):
        with pytest.raises(NumberTooLargeError):
            parse_json(given)


@pytest.mark.parametrize("text", ["1e308", "1e-400", '"1e400"', '{"1e400": "9e999"}', "1" + "0" * 400, "[1.5]"])
def test_other_numbers_and_texts_are_values(text: str) -> None:
    assert parse_json(text) == parse_json(text.encode())


@pytest.mark.parametrize("text", ["NaN", "Infinity", "[-Infinity]", "{", ""])
def test_what_is_not_json_is_told_apart(text: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        parse_json(text)
    assert not isinstance(caught.value, NumberTooLargeError)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/v1/users/ana", b'{"a": 1e400}'),
        ("PUT", "/v1/users/ana", b'{"a": {"b": [-1e400]}}'),
        ("POST", "/v1/workflows/welcome/trigger", b'{"recipients": ["ana"], "data": {"n": 1e400}}'),
        ("PUT", "/v1/tenants/acme", b'{"n": 1e400}'),
    ],
)
def test_bodies_of_the_api_with_such_numbers_are_refused(sim: Simulator, method: str, path: str, body: bytes) -> None:
    response = sim.handle(HTTPRequest(method, path, HEADERS, body))
    assert response.status == 422
    assert b"contains a number that is too large" in response.body


@pytest.mark.parametrize("body", ['{"hours": 1e308}', '{"hours": 1e400}', '{"hours": "1e400"}', '{"wait": 1e300}'])
def test_an_advance_beyond_all_time_is_refused(sim: Simulator, controls: httpx.Client, body: str) -> None:
    start = sim.now
    assert controls.post("/advance", content=body).status_code == 422
    assert sim.now == start


@pytest.mark.parametrize("seconds", ["1e400", "1e308", "1e15", "-1", "0", '"nan"', "31536001"])
def test_a_delay_of_responses_is_a_year_at_most(sim: Simulator, controls: httpx.Client, seconds: str) -> None:
    assert controls.post("/slow", content=f'{{"seconds": {seconds}}}').status_code == 422
    assert sim.client().users.list().items == []


def test_at_the_end_of_time_everything_still_happens() -> None:
    sim = Simulator(now=LAST - timedelta(seconds=10))
    sim.workflow("later", channels=["in_app_feed"], delay=timedelta(days=300))
    client = sim.client()
    with sim.slow(20, "workflows.trigger"):
        client.workflows.trigger("later", recipients=[{"id": "ana"}])
    assert sim.now == LAST
    sim.advance_to(LAST)
    assert len(sim.messages()) == 1
