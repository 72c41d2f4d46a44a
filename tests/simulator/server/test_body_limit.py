"""Bodies of requests are limited: each is read into memory, and remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from knock_sdk.testing.server import body_limit
from tests.simulator.support.pair import SECRET

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knock_sdk.testing import Simulator

LIMIT = 1_000
HEADERS = {"authorization": SECRET, "content-type": "application/json"}
PATHS = ["/v1/users/ana", "/v1/nowhere", "/_simulator/advance", "/clock/advance"]


@pytest.fixture
def http(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[httpx.Client]:
    monkeypatch.setattr(body_limit, "LARGEST_BODY", LIMIT)
    with httpx.Client(base_url=url, trust_env=False, headers=HEADERS) as client:
        yield client


def in_pieces(size: int) -> Iterator[bytes]:
    for _ in range(size // 100):
        yield b"a" * 100


@pytest.mark.parametrize("path", PATHS)
def test_too_large_a_body_is_refused_and_forgotten(sim: Simulator, http: httpx.Client, path: str) -> None:
    for content in (b"a" * (LIMIT + 1), in_pieces(3 * LIMIT)):
        answer = http.post(path, content=content)
        assert (answer.status_code, answer.json()["code"]) == (413, "request_too_large")
    assert sim.requests == []


def test_a_body_of_the_limit_passes(http: httpx.Client) -> None:
    text = '{"name": "' + "a" * (LIMIT - 12) + '"}'
    assert len(text) == LIMIT
    assert http.put("/v1/users/ana", content=text).status_code == 200
    assert http.put("/v1/users/ana", content=iter([text.encode()])).status_code == 200
