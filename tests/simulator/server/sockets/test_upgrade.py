"""Upgrades: which sockets are accepted."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from websockets.exceptions import InvalidStatus

from .phoenix import PATH, opened

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator


@pytest.mark.parametrize("path", [PATH, f"/{PATH}"])
@pytest.mark.parametrize("query", ["&api_key=pk_x&&vsn=2.0.0", "user_token=a.b.c&api_key=pk_x&branch_slug=b&vsn=2.0.0"])
def test_a_public_key_is_accepted(url: str, path: str, query: str) -> None:
    with opened(url, query, path) as socket:
        assert socket.is_quiet()


@pytest.mark.parametrize(
    "query",
    [
        "vsn=2.0.0",
        "api_key=&vsn=2.0.0",
        "api_key=sk_x&vsn=2.0.0",
        "api_key=x&vsn=2.0.0",
        "api_key=pk_x",
        "api_key=pk_x&vsn=1.0.0",
    ],
)
def test_other_keys_and_versions_are_refused(url: str, query: str) -> None:
    with pytest.raises(InvalidStatus) as caught, opened(url, query):
        pass
    assert caught.value.response.status_code == 403


@pytest.mark.parametrize("name", ["", "-", "a/b", "x" * 65])
def test_a_malformed_name_of_an_environment_is_refused(url: str, name: str) -> None:
    with pytest.raises(InvalidStatus) as caught, opened(url, f"api_key=pk_x@{name}&vsn=2.0.0"):
        pass
    assert caught.value.response.status_code == 403


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1.evil.example"])
def test_pages_of_other_machines_are_refused(url: str, origin: str) -> None:
    with pytest.raises(InvalidStatus) as caught, opened(url, origin=origin):
        pass
    assert caught.value.response.status_code == 403


@pytest.mark.parametrize("origin", ["http://localhost:5173", "http://127.0.0.1:3000", None])
def test_pages_of_this_machine_are_accepted(url: str, origin: str | None) -> None:
    with opened(url, origin=origin) as socket:
        assert socket.is_quiet()


def test_an_allowed_origin_is_accepted(sim: Simulator) -> None:
    with sim.serve(allow_origins=["https://app.example"]) as url, opened(url, origin="https://app.example") as socket:
        assert socket.is_quiet()


def test_the_token_in_the_address_is_not_logged(url: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), opened(url, "user_token=verysecret.b.c&api_key=pk_x&vsn=2.0.0") as socket:
        assert socket.is_quiet()
    logged = [record.getMessage() for record in caplog.records if not record.name.startswith("websockets")]
    assert not [line for line in logged if "verysecret" in line]


def test_a_client_that_drops_at_once_leaves_nothing_in_the_log(url: str, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(5):
        with opened(url) as socket:
            socket.connection.socket.close()
    with opened(url) as socket:
        assert socket.is_quiet()
    assert not [record for record in caplog.records if not record.name.startswith("websockets")]
