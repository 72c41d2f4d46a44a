"""Browsers' pages as clients of the API: which origins may use it, and what the responses tell the browser."""

from __future__ import annotations

from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from knock_sdk.testing import Simulator
from knock_sdk.testing.server.cors import is_allowed, parse_origin
from tests.simulator.support.pair import SECRET

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = "http://localhost:5173"
AUTHORIZATION = {"authorization": SECRET}
USER = "/v1/users/ana"


@pytest.fixture
def http(url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, trust_env=False) as client:
        yield client


def preflight(http: httpx.Client, origin: str, path: str = USER) -> httpx.Response:
    asked = {"access-control-request-method": "PUT", "access-control-request-headers": "authorization,content-type"}
    return http.options(path, headers={"origin": origin, **asked})


def test_a_preflight_is_answered_before_keys_faults_and_the_list_of_requests(
    sim: Simulator, http: httpx.Client
) -> None:
    fault = sim.fail(status=500)
    response = preflight(http, PAGE)
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["access-control-allow-origin"] == PAGE
    assert response.headers["vary"] == "Origin"
    assert response.headers["access-control-max-age"] == "7200"
    assert "access-control-allow-credentials" not in response.headers
    methods = response.headers["access-control-allow-methods"].split(", ")
    assert {"GET", "POST", "PUT", "DELETE", "PATCH"} == set(methods)
    headers = response.headers["access-control-allow-headers"].split(", ")
    sent_by_knock = {"authorization", "content-type", "x-knock-client", "x-knock-branch", "x-knock-user-token"}
    assert sent_by_knock | {"accept", "idempotency-key"} == set(headers)
    assert (sim.requests, fault.times) == ([], 0)


def test_every_response_of_the_api_can_be_read_by_the_page(sim: Simulator, http: httpx.Client) -> None:
    def read(path: str, status: int, **headers: str) -> None:
        response = http.get(path, headers={"origin": PAGE, **headers})
        assert response.status_code == status
        assert response.headers["access-control-allow-origin"] == PAGE
        assert "Origin" in response.headers["vary"]
        exposed = response.headers["access-control-expose-headers"].split(", ")
        assert set(exposed) == {"retry-after", "x-request-id"}

    assert http.put(USER, json={}, headers={"origin": PAGE, **AUTHORIZATION}).status_code == 200
    read(USER, 200, **AUTHORIZATION)
    read(USER, 401)
    read("/v1/users/nobody", 404, **AUTHORIZATION)
    read("/v1/nothing", 404, **AUTHORIZATION)
    with sim.fail(status=503):
        read(USER, 503, **AUTHORIZATION)
    with sim.fail(status=429, retry_after=2):
        read(USER, 429, **AUTHORIZATION)
    with sim.malform(kind="html"):
        read(USER, 200, **AUTHORIZATION)


def test_a_request_without_origin_gets_no_such_headers(http: httpx.Client) -> None:
    response = http.get(USER, headers=AUTHORIZATION)
    assert not [name for name in response.headers if name.startswith("access-control")]
    assert http.options(USER).status_code == 405


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost.evil.example", "http://10.0.0.5"])
def test_pages_of_other_origins_are_refused_and_not_recorded(sim: Simulator, http: httpx.Client, origin: str) -> None:
    for response in (preflight(http, origin), http.get(USER, headers={"origin": origin, **AUTHORIZATION})):
        assert response.status_code == 403
        assert "access-control-allow-origin" not in response.headers
        assert "--allow-origin" in response.json()["message"]
    assert sim.requests == []


def test_other_origins_can_be_permitted(sim: Simulator) -> None:
    with (
        sim.serve(allow_origins=["https://App.example:443", "http://10.0.0.5:3000"]) as url,
        httpx.Client(base_url=url, trust_env=False) as http,
    ):
        for origin in ("https://app.example", "http://10.0.0.5:3000", PAGE):
            assert preflight(http, origin).headers["access-control-allow-origin"] == origin
        for origin in ("http://app.example", "https://app.example:444", "http://10.0.0.5"):
            assert preflight(http, origin).status_code == 403


def test_a_dropped_connection_is_dropped_for_a_page_too(sim: Simulator, url: str) -> None:
    sim.drop("users.get")
    connection = HTTPConnection(urlsplit(url).netloc, timeout=10)
    connection.request("GET", USER, headers={"origin": PAGE, **AUTHORIZATION})
    with pytest.raises(ConnectionError):
        connection.getresponse()
    connection.close()


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("http://localhost", True),
        ("https://localhost:3000", True),
        ("http://127.0.0.1:1", True),
        ("http://127.9.9.9", True),
        ("http://[::1]:5173", True),
        ("http://app.localhost:3000", True),
        ("HTTP://LOCALHOST:3000", True),
        ("file://localhost", False),
        ("http://localhost:x", False),
        ("http://127.0.0.1.evil.example", False),
        ("http://notlocalhost", False),
        ("http://128.0.0.1", False),
        ("http://[::2]", False),
        ("http://[", False),
        ("", False),
        ("null", False),
        ("https://app.example", True),
        ("http://app.example", False),
    ],
)
def test_origins_of_this_machine_and_permitted_ones_are_allowed(origin: str, expected: bool) -> None:
    assert is_allowed(origin, {"https://app.example"}) is expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("https://App.Example:443/", "https://app.example"),
        ("http://x.example:8080", "http://x.example:8080"),
        ("http://[::2]:3000", "http://[::2]:3000"),
        ("capacitor://localhost", "capacitor://localhost"),
    ],
)
def test_an_origin_is_written_as_browsers_do(given: str, expected: str) -> None:
    assert parse_origin(given) == expected


@pytest.mark.parametrize(
    "given",
    ["*", "https://*.example", "app.example", "https://app.example/path", "http://[", "https://u@x.example", ""],
)
def test_what_is_not_an_origin_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match="allow_origins: takes an origin such as"):
        Simulator().serve(allow_origins=[given]).__enter__()


def test_a_text_is_not_a_list_of_origins() -> None:
    with pytest.raises(TypeError, match="allow_origins: takes a list of text"):
        Simulator().serve(allow_origins="https://app.example").__enter__()


def test_sockets_of_other_origins_are_refused(url: str) -> None:
    address = url.replace("http", "ws", 1) + "/ws/v1/websocket?api_key=pk_test&vsn=2.0.0"
    with pytest.raises(InvalidStatus) as caught:
        connect(address, origin="https://evil.example", proxy=None)
    assert caught.value.response.status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize(("mode", "goal"), [("no-cors", "image"), ("no-cors", "script"), ("navigate", "document")])
def test_images_and_links_of_other_pages_use_up_no_faults(
    sim: Simulator, http: httpx.Client, site: str, mode: str, goal: str
) -> None:
    sim.fail(status=500)
    foreign = {"sec-fetch-site": site, "sec-fetch-mode": mode, "sec-fetch-dest": goal}
    assert http.get(USER, headers=foreign).status_code == 403
    assert sim.requests == []
    own = {"sec-fetch-site": "same-origin", "sec-fetch-mode": "cors", **AUTHORIZATION}
    assert http.get(USER, headers=own).status_code == 500
