"""Proxies: chosen by the environment's variables, and exempt hosts by curl's rules."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knock_sdk._core.proxies import Proxy, is_exempt, proxy_for
from knock_sdk._core.url import parse_base_url
from knock_sdk.errors import ConfigurationError

CANARY = "canary-31415"
HOSTS = ["api.knock.app", "knock.app", "notknock.app", "10.1.2.3", "192.168.5.6", "api.knock.app.", "fd00::1"]
BELOW = ["api.knock.app", "knock.app", "api.knock.app."]
SELF = ["api.knock.app", "api.knock.app."]
EXEMPT: dict[str, list[str]] = {
    "api.knock.app": SELF,
    "knock.app": BELOW,
    ".knock.app": BELOW,
    "..knock.app": [],
    "knock.app.": BELOW,
    "knock": [],
    "app": [*BELOW, "notknock.app"],
    "*": HOSTS,
    " * ": HOSTS,
    "*.knock.app": [],
    "x,*": [],
    "a, knock.app": BELOW,
    "a knock.app": BELOW,
    "a\tknock.app": BELOW,
    ",knock.app,": BELOW,
    "KNOCK.APP": BELOW,
    "i.knock.app": [],
    "10.1.2.3": ["10.1.2.3"],
    "10.0.0.0/8": ["10.1.2.3"],
    "10.1.2.3/32": ["10.1.2.3"],
    "10.1.2.9/24": ["10.1.2.3"],
    "10.1.2.3/33": [],
    "10.1": [],
    "192.168.0.0/16,10.0.0.0/8": ["10.1.2.3", "192.168.5.6"],
    "fd00::1": ["fd00::1"],
    "[::1],localhost": [],
    "": [],
    "   ": [],
    "/": [],
    ".": [],
    # Beyond curl 7.88.
    "[fd00::1]": ["fd00::1"],
    "fd00::/8": ["fd00::1"],
    "FD00:0::0001": ["fd00::1"],
    "api.knock.app:443": SELF,
    "api.knock.app:8443": [],
    "[fd00::1]:443": ["fd00::1"],
    "10.1.2.3:1": [],
}
"""The hosts that each value of NO_PROXY exempts. The first part was compared with what curl 7.88 does."""


def choose(environ: dict[str, str], url: str = "https://api.knock.app") -> Proxy | None:
    return proxy_for(parse_base_url(url, allow_http=True), environ)


@pytest.mark.parametrize("exempt", EXEMPT)
def test_exempt_hosts(exempt: str) -> None:
    assert [host for host in HOSTS if is_exempt(host, 443, exempt)] == [
        host for host in HOSTS if host in EXEMPT[exempt]
    ]


@pytest.mark.parametrize(
    ("environ", "url", "variable"),
    [
        ({}, "https://h", None),
        ({"HTTPS_PROXY": ""}, "https://h", None),
        ({"HTTPS_PROXY": "  ", "ALL_PROXY": "p"}, "https://h", "ALL_PROXY"),
        ({"HTTPS_PROXY": "p", "https_proxy": "q"}, "https://h", "https_proxy"),
        ({"HTTPS_PROXY": "p", "ALL_PROXY": "q"}, "https://h", "HTTPS_PROXY"),
        ({"HTTP_PROXY": "p"}, "https://h", None),
        ({"HTTPS_PROXY": "p"}, "http://h", None),
        ({"HTTP_PROXY": "p"}, "http://h", "HTTP_PROXY"),
        ({"HTTP_PROXY": "p", "REQUEST_METHOD": "GET"}, "http://h", None),
        ({"http_proxy": "p", "REQUEST_METHOD": "GET"}, "http://h", "http_proxy"),
        ({"all_proxy": "p", "ALL_PROXY": "q"}, "http://h", "all_proxy"),
        ({"HTTPS_PROXY": "p", "NO_PROXY": "h"}, "https://h", None),
        ({"HTTPS_PROXY": "p", "no_proxy": "x", "NO_PROXY": "h"}, "https://h", "HTTPS_PROXY"),
    ],
)
def test_the_variable_that_counts(environ: dict[str, str], url: str, variable: str | None) -> None:
    found = choose(environ, url)
    assert (found and found.variable) == variable


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "[::1]", "app.localhost"])
@pytest.mark.parametrize("value", ["http://proxy.example", "not a proxy"])
def test_this_machine_is_reached_without_a_proxy(host: str, value: str) -> None:
    names = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy")
    assert choose(dict.fromkeys(names, value), f"http://{host}:8400") is None


def test_an_exempt_host_is_not_affected_by_a_malformed_variable() -> None:
    assert choose({"HTTPS_PROXY": "socks9://", "NO_PROXY": "knock.app"}) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("proxy.example", ("http", "proxy.example", 80)),
        ("proxy.example:3128", ("http", "proxy.example", 3128)),
        (" http://PROXY.example:3128/ ", ("http", "proxy.example", 3128)),
        ("https://proxy.example", ("https", "proxy.example", 443)),
        ("socks5://proxy.example", ("socks5", "proxy.example", 1080)),
        ("socks5h://[fd00::1]:9", ("socks5h", "fd00::1", 9)),
        ("[fd00::1]:9", ("http", "fd00::1", 9)),
    ],
)
def test_a_proxy_is_parsed(value: str, expected: tuple[str, str, int]) -> None:
    found = choose({"HTTPS_PROXY": value})
    assert found is not None
    assert (found.scheme, found.host, found.port) == expected
    assert found.username is found.authorization is None


def test_credentials_are_decoded_and_hidden() -> None:
    found = choose({"HTTPS_PROXY": f"http://us%40er:{CANARY}%3A%20%C3%A4@proxy.example:3128"})
    assert found is not None
    assert found.credentials == (b"us@er", f"{CANARY}: ä".encode())
    assert found.authorization == b"Basic dXNAZXI6Y2FuYXJ5LTMxNDE1OiDDpA=="
    assert found.url == f"http://us%40er:{CANARY}%3A%20%C3%A4@proxy.example:3128"
    assert repr(found) == "<Proxy http://proxy.example:3128, from HTTPS_PROXY>"
    assert CANARY not in repr((*found, found.authorization, found.credentials))
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(found)


def test_a_user_without_a_password_has_an_empty_one() -> None:
    found = choose({"HTTPS_PROXY": "http://user@proxy.example"})
    assert found is not None
    assert (found.credentials, found.authorization) == ((b"user", b""), b"Basic dXNlcjo=")


@pytest.mark.parametrize(
    "value",
    [
        "socks4://p",
        "ftp://p",
        "file:///etc/passwd",
        "http://",
        "http://:3128",
        "http://p:0",
        "http://p:65536",
        "http://p:x",
        "http://p/path",
        "http://p?query",
        "http://p#fragment",
        "http://p q",
        "http://p\r\nx: y",
        "http://p\x00",
        "http://pröxy",
        "http://[::1",
        "http://a:b:c",
        f"http://user:{CANARY}@p@q:1",
        f"http://us%3Aer:{CANARY}@p",
        f"http://user:{CANARY}%0d%0a@p",
        f"http://user:{CANARY}%ff@p",
        f"socks5://user:{CANARY * 22}@p",
        "socks5://user@p",
        f"socks5://:{CANARY}@p",
    ],
)
def test_a_malformed_proxy_is_reported_without_its_password(value: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^HTTPS_PROXY: ") as caught:
        choose({"HTTPS_PROXY": value})
    assert CANARY not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
def test_a_socks_proxy_needs_its_package(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    monkeypatch.setattr("knock_sdk._core.proxies.find_spec", lambda _: None)
    with pytest.raises(ConfigurationError, match=r"^ALL_PROXY: .*pip install 'knock-sdk\[socks\]'"):
        choose({"ALL_PROXY": f"{scheme}://127.0.0.1:1080"})
    assert choose({"ALL_PROXY": f"{scheme}://127.0.0.1:1080"}, "http://localhost") is None


@given(st.text(), st.sampled_from(HOSTS))
def test_any_list_of_exempt_hosts_is_understood(exempt: str, host: str) -> None:
    assert is_exempt(host, 443, exempt) in (True, False)


@given(st.one_of(st.text(), st.from_regex(r"(http|socks5h?)://[^@]*:canary-31415@.*", fullmatch=True)))
def test_any_value_is_a_proxy_or_a_configuration_error(value: str) -> None:
    environ: Any = {"HTTPS_PROXY": value}
    try:
        shown = repr(choose(environ))
    except ConfigurationError as error:
        shown = str(error)
    assert CANARY not in shown
