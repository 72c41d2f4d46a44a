"""Pages of other origins, and names that point to this machine, reach neither the page nor the control endpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from knock_sdk.testing import Simulator
from tests.simulator.support.pair import SECRET

if TYPE_CHECKING:
    from collections.abc import Iterator

RESET, STATE, PAGE = "/_simulator/reset", "/_simulator/", "/"
JSON = {"content-type": "application/json"}


@pytest.fixture
def http(url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, trust_env=False) as client:
        yield client


def is_refused(response: httpx.Response) -> bool:
    if response.status_code != 403:
        return False
    assert response.json()["code"] == "authorization"
    return True


@pytest.mark.parametrize("path", [STATE, "/_simulator", "/_simulator/messages", "/_simulator/none", PAGE])
@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:8400", "10.0.0.5", "a b", "localhost@x"])
def test_a_foreign_host_is_refused(http: httpx.Client, path: str, host: str) -> None:
    assert is_refused(http.get(path, headers={"host": host}))


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.8.8.8:9", "[::1]:8400", "knock.localhost"])
def test_this_machine_may_be_called_by_each_of_its_names(http: httpx.Client, host: str) -> None:
    assert http.get(STATE, headers={"host": host}).status_code == 200


@pytest.mark.parametrize("path", [STATE, "/_simulator/requests", PAGE])
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:5173"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
        {"sec-fetch-site": "same-site", "sec-fetch-mode": "cors"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"},
    ],
)
def test_pages_of_other_origins_are_refused(http: httpx.Client, path: str, headers: dict[str, str]) -> None:
    assert is_refused(http.get(path, headers=headers))


def test_a_foreign_page_cannot_reset_the_simulator(sim: Simulator, http: httpx.Client) -> None:
    sim.client().users.update("ana")
    for headers in ({"origin": "https://evil.example"}, {"content-type": "text/plain"}, {"host": "evil.example"}):
        assert is_refused(http.post(RESET, content=b"{}", headers={**JSON, **headers}))
    assert is_refused(http.post(RESET, content=b"{}"))  # without any type, as from a page that sends bytes
    assert is_refused(http.post(RESET, data={"a": "b"}))
    assert sim.client().users.get("ana").id == "ana"


def test_programs_and_the_own_page_may_use_the_control_endpoints(http: httpx.Client, url: str) -> None:
    own = {"origin": url, "sec-fetch-site": "same-origin"}
    for answer in (
        http.post(RESET),
        http.post(RESET, json={}),
        http.post(RESET, json={}, headers=own),
        http.post(RESET, content=b"{}", headers={"content-type": "Application/JSON; charset=utf-8"}),
    ):
        assert answer.json() == {"result": None}


def test_a_link_from_elsewhere_opens_the_page_and_not_the_control_endpoints(http: httpx.Client) -> None:
    followed = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    for site in ("cross-site", "same-site"):
        assert not is_refused(http.get(PAGE, headers={**followed, "sec-fetch-site": site}))
        assert is_refused(http.get(STATE, headers={**followed, "sec-fetch-site": site}))
        assert is_refused(http.post(PAGE, headers={**followed, "sec-fetch-site": site}))
    for path in (PAGE, STATE):
        assert not is_refused(http.get(path, headers={**followed, "sec-fetch-site": "none"}))


def test_a_form_of_the_own_page_passes_and_a_foreign_one_does_not(http: httpx.Client, url: str) -> None:
    form = {"data": {"hours": "1"}}
    assert not is_refused(http.post("/some/form", **form, headers={"origin": url, "sec-fetch-site": "same-origin"}))
    assert is_refused(http.post("/some/form", **form, headers={"origin": "http://localhost:5173"}))


def test_the_page_cannot_be_framed_or_run_foreign_scripts(http: httpx.Client) -> None:
    for headers in (http.get(PAGE).headers, http.get(STATE).headers, http.get(PAGE, headers={"host": "x.y"}).headers):
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'self'" in policy
        assert "unsafe" not in policy
        assert headers["x-frame-options"] == "SAMEORIGIN"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "content-security-policy" not in http.get("/v1/users").headers


@pytest.mark.parametrize("host", ["knock:8400", "host.docker.internal", "10.0.0.5:8400", "api.knock.app", "localhost"])
def test_the_api_can_be_called_by_names_that_nobody_can_register(sim: Simulator, http: httpx.Client, host: str) -> None:
    headers = {"host": host, "authorization": SECRET}
    assert http.put("/v1/users/ana", json={}, headers=headers).status_code == 200
    assert is_refused(http.get("/v1/users/ana", headers={**headers, "host": "evil.example:8400"}))
    assert len(sim.requests) == 1


def test_hosts_can_be_permitted(sim: Simulator) -> None:
    with (
        sim.serve(allow_hosts=["Knock.example", "knock", "[::2]"]) as url,
        httpx.Client(base_url=url, trust_env=False) as http,
    ):
        for host in ("knock.example:8400", "knock", "[::2]:1", "localhost"):
            for path in (STATE, "/v1/users"):
                assert not is_refused(http.get(path, headers={"host": host}))
        own = {"host": "knock:8400", "origin": "http://knock:8400"}
        assert http.post(RESET, json={}, headers=own).status_code == 200
        assert is_refused(http.get(STATE, headers={"host": "other.example"}))


def test_a_server_on_all_addresses_may_be_called_by_each(sim: Simulator) -> None:
    with sim.serve(host="0.0.0.0") as url, httpx.Client(base_url=url, trust_env=False) as http:
        port = httpx.URL(url).port
        for host in (f"0.0.0.0:{port}", f"192.168.1.5:{port}"):
            assert http.get(STATE, headers={"host": host}).status_code == 200
        assert is_refused(http.get(STATE, headers={"host": "evil.example"}))


@pytest.mark.parametrize("given", ["http://knock", "knock:8400", "", "a b", "*"])
def test_what_is_not_a_host_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match="allow_hosts: takes the name or address of a host"):
        Simulator().serve(allow_hosts=[given]).__enter__()
