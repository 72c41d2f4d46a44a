"""Proxies: chosen by the environment's variables, and exempt hosts by curl's rules."""

from __future__ import annotations

import pickle
import traceback
from collections import UserDict
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knock_sdk._core.wire import proxies
from knock_sdk._core.wire.proxies import Proxy, is_exempt, proxy_for
from knock_sdk._core.wire.url import parse_base_url
from knock_sdk.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

CANARY = "canary-31415"
HOSTS = [
    "api.knock.app",
    "knock.app",
    "notknock.app",
    "api.knock.app.",
    "10.1.2.3",
    "192.168.5.6",
    "fd00::1",
    "2001:db8::5",
]
SELF = ["api.knock.app", "api.knock.app."]
BELOW = [*SELF, "knock.app"]
AS_CURL: dict[str, list[str]] = {
    "api.knock.app": SELF,
    "knock.app": BELOW,
    ".knock.app": BELOW,
    "..knock.app": [],
    "knock.app.": BELOW,
    ".knock.app.": BELOW,
    "knock.app..": [],
    "knock": [],
    "app": [*BELOW, "notknock.app"],
    "k.app": [],
    "*": HOSTS,
    "*.knock.app": [],
    "*knock.app": [],
    "x,*": [],
    "*,x": [],
    "a, knock.app": BELOW,
    "a ,knock.app": BELOW,
    "a knock.app": BELOW,
    "a\tknock.app": BELOW,
    ",knock.app,": BELOW,
    ",,,  ,knock.app": BELOW,
    "KNOCK.APP": BELOW,
    "i.knock.app": [],
    "api.knock.app.example": [],
    "knock.app;x": [],
    "http://knock.app": [],
    "knock.app/": [],
    "10.1.2.3": ["10.1.2.3"],
    "10.0.0.0/8": ["10.1.2.3"],
    "10.1.2.3/32": ["10.1.2.3"],
    "10.1.2.9/24": ["10.1.2.3"],
    "10.1.2.9": [],
    "10.1.2.3/33": [],
    "10.1.2.3/-1": [],
    "10.1": [],
    "3": [],
    "10.1.2.3.": [],
    "192.168.0.0/16,10.0.0.0/8": ["10.1.2.3", "192.168.5.6"],
    "010.1.2.3": [],
    "fd00::1": ["fd00::1"],
    "FD00::1": ["fd00::1"],
    "fd00::1/129": [],
    "::ffff:10.1.2.3": [],
    "api.knock.app:8443": [],
    "knock.app:": [],
    "[::1],localhost": [],
    "[": [],
    "[]": [],
    "]": [],
    ":": [],
    "::": [],
    ":80": [],
    "": [],
    "   ": [],
    "/": [],
    ".": [],
    "..": [],
    ",": [],
    "%": [],
    "-": [],
}
"""The hosts that each value of NO_PROXY exempts. curl 7.88.1 was run with each value and host, and does the same."""

BEYOND_CURL: dict[str, list[str]] = {
    " * ": HOSTS,  # curl: []
    "10.1.2.3/": [],  # curl: ["10.1.2.3"]
    "10.1.2.3/x": [],  # curl: ["10.1.2.3"]
    "10.0.0.0/0": ["10.1.2.3", "192.168.5.6"],  # curl: []
    "10.0.0.0/255.0.0.0": ["10.1.2.3"],  # curl: []
    "[fd00::1]": ["fd00::1"],  # curl: []
    "fd00::/8": ["fd00::1"],  # curl: []
    "fd00::/7": ["fd00::1"],  # curl: []
    "[fd00::]/8": ["fd00::1"],  # curl: []
    "[fd00::/8]": ["fd00::1"],  # curl: []
    "[2001:db8::5]": ["2001:db8::5"],  # curl: []
    "2001:0db8:0:0::5": ["2001:db8::5"],  # curl: []
    "2001:db8::/32": ["2001:db8::5"],  # curl: []
    "api.knock.app:80": SELF,  # curl: []
    "10.1.2.3:80": ["10.1.2.3"],  # curl: []
    "[fd00::1]:80": ["fd00::1"],  # curl: []
}
"""The same where curl 7.88.1 decides otherwise, which it does of blocks of IPv6 against its documentation."""


def choose(environ: Mapping[str, str], url: str = "https://api.knock.app") -> Proxy | None:
    return proxy_for(parse_base_url(url, allow_http=True), environ)


@pytest.mark.parametrize("exempt", AS_CURL | BEYOND_CURL)
def test_exempt_hosts(exempt: str) -> None:
    found = {host for host in HOSTS if is_exempt(host, 80, exempt)}
    assert found == set((AS_CURL | BEYOND_CURL)[exempt])


@pytest.mark.parametrize(
    ("exempt", "host", "ports"),
    [
        ("api.knock.app", "api.knock.app", [80, 443, 8443]),
        ("api.knock.app:443", "api.knock.app", [443]),
        ("knock.app:0443", "api.knock.app", [443]),
        ("knock.app:443,knock.app:80", "api.knock.app", [80, 443]),
        ("10.0.0.0/8:443", "10.1.2.3", [443]),
        ("[fd00::1]:443", "fd00::1", [443]),
        ("[fd00::]/8:443", "fd00::1", [443]),
        ("fd00::443", "fd00::", []),
        (f"api.knock.app:{'4' * 5000}", "api.knock.app", []),
    ],
)
def test_an_entry_with_a_port_matches_this_port(exempt: str, host: str, ports: list[int]) -> None:
    assert [port for port in (80, 443, 8443) if is_exempt(host, port, exempt)] == ports


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
        ({"HTTPS_PROXY": "p", "no_proxy": " ", "NO_PROXY": "h"}, "https://h", None),
        ({"HTTP_PROXY": "p", "REQUEST_METHOD": "GET", "ALL_PROXY": "q"}, "http://h", "ALL_PROXY"),
        ({"HTTPS_PROXY": "p", "REQUEST_METHOD": "GET"}, "https://h", "HTTPS_PROXY"),
    ],
)
def test_the_variable_that_counts(environ: dict[str, str], url: str, variable: str | None) -> None:
    found = choose(environ, url)
    assert (found and found.variable) == variable


class WindowsEnvironment(UserDict[str, str]):
    """Finds a variable in upper and lower case, and lists it in upper case, as `os.environ` does on Windows."""

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.upper())

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and super().__contains__(name.upper())


def test_on_windows_the_case_of_a_variable_does_not_matter() -> None:
    environ = WindowsEnvironment(HTTP_PROXY="p", NO_PROXY="x")
    found = choose(environ, "http://h")
    assert found is not None
    assert found.variable == "HTTP_PROXY"
    assert choose(environ, "http://x") is None


def test_on_windows_too_a_script_of_cgi_does_not_take_its_proxy_from_a_header() -> None:
    environ = WindowsEnvironment(HTTP_PROXY="p", REQUEST_METHOD="GET")
    assert environ.get("http_proxy") == "p"
    assert choose(environ, "http://h") is None


@pytest.mark.parametrize("host", ["localhost", "localhost.", "127.0.0.1", "127.8.8.8", "[::1]", "app.localhost"])
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
        ("SOCKS5://[FD00:0::1]", ("socks5", "fd00::1", 1080)),
        ("http://proxy_1.example.:65535", ("http", "proxy_1.example.", 65535)),
        ("http://proxy.example:", ("http", "proxy.example", 80)),
        ("proxy.example\r\n", ("http", "proxy.example", 80)),  # the end of a line in a file
        ("http://@proxy.example", ("http", "proxy.example", 80)),
        ("socks5://:@proxy.example", ("socks5", "proxy.example", 1080)),
    ],
)
def test_a_proxy_is_parsed(value: str, expected: tuple[str, str, int]) -> None:
    found = choose({"HTTPS_PROXY": value})
    assert found is not None
    assert (found.scheme, found.host, found.port) == expected
    assert found.username is found.authorization is None


def test_credentials_are_decoded_and_hidden() -> None:
    found = choose({"HTTPS_PROXY": f"http://{CANARY}%40:{CANARY}%3A%20%C3%A4@proxy.example:3128"})
    assert found is not None
    assert found.credentials == (f"{CANARY}@".encode(), f"{CANARY}: ä".encode())
    assert found.authorization == b"Basic Y2FuYXJ5LTMxNDE1QDpjYW5hcnktMzE0MTU6IMOk"
    assert found.url == f"http://{CANARY}%40:{CANARY}%3A%20%C3%A4@proxy.example:3128"
    assert choose({"HTTPS_PROXY": found.url}) == found
    assert repr(found) == str(found) == "<Proxy http://proxy.example:3128, from HTTPS_PROXY>"
    assert CANARY not in repr((*found, found.authorization, found.credentials))
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(found)


def test_a_user_without_a_password_has_an_empty_one() -> None:
    found = choose({"HTTPS_PROXY": "http://user@proxy.example"})
    assert found is not None
    assert (found.credentials, found.authorization) == ((b"user", b""), b"Basic dXNlcjo=")


@pytest.mark.parametrize(
    ("login", "hidden"),
    [
        ("user:password", [b"dXNlcjpwYXNzd29yZA==", b"password"]),
        ("a-long-token", [b"YS1sb25nLXRva2VuOg==", b"a-long-token"]),
        ("user:short", [b"dXNlcjpzaG9ydA=="]),
        ("", []),
    ],
)
def test_what_is_hidden_where_a_proxy_repeats_it(login: str, hidden: list[bytes]) -> None:
    """A short password is not: its letters can be those of any word."""
    found = choose({"HTTPS_PROXY": f"http://{login}@proxy.example"})
    assert found is not None
    assert [secret.reveal().encode() for secret in found.secrets] == hidden


NOT_A_URL = r"write \w+://host:port or \w+://user:password@host:port, .* encoded"
BAD_CHARACTER = "contains a space, a control character"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("socks4://p", "must be the URL of a proxy: http://"),
        ("ftp://p", "must be the URL of a proxy: http://"),
        ("file:///etc/passwd", "must be the URL of a proxy: http://"),
        (f"user:{CANARY}://x@p", "must be the URL of a proxy: http://"),
        ("http://", NOT_A_URL),
        ("http://:3128", NOT_A_URL),
        ("http:///p", NOT_A_URL),
        ("http:p", NOT_A_URL),
        ("//p", NOT_A_URL),
        ("http://p:0", "between 1 and 65535"),
        ("http://p:65536", "between 1 and 65535"),
        (f"http://p:{'1' * 5000}", "between 1 and 65535"),
        ("http://p:x", NOT_A_URL),
        ("http://p:-1", NOT_A_URL),
        ("http://p/path", NOT_A_URL),
        ("http://p?query", NOT_A_URL),
        ("http://p#fragment", NOT_A_URL),
        ("http://a:b:c", NOT_A_URL),
        ("http://a..b", NOT_A_URL),
        (f"http://{'a' * 64}.example", NOT_A_URL),
        ("http://[::1", NOT_A_URL),
        ("http://[:::]", NOT_A_URL),
        ("http://[1.2.3.4]", NOT_A_URL),
        ("http://[fe80::1%25eth0]", NOT_A_URL),
        ("http://p q", BAD_CHARACTER),
        ("http://p\r\nx: y", BAD_CHARACTER),
        ("http://p\x00", BAD_CHARACTER),
        ("http://pröxy", BAD_CHARACTER),
        ("http://p\udcff", BAD_CHARACTER),  # a byte that is not UTF-8
        (f"http://user:{CANARY} @p", BAD_CHARACTER),
        (f"http://user:{CANARY}@p@q:1", NOT_A_URL),
        (f"http://user:{CANARY}/x@p", NOT_A_URL),
        (f"http://user:{CANARY}#x@p", NOT_A_URL),
        (f"http://user:{CANARY}%ff@p", NOT_A_URL),
        (f"http://us%3Aer:{CANARY}@p", "must not have a colon"),
        (f"http://user:{CANARY}%0d%0a@p", "control characters"),
        (f"http://{CANARY}%00@p", "control characters"),
        (f"socks5://user:{CANARY * 22}@p", "1 to 255 bytes"),
        (f"socks5://{CANARY}@p", "1 to 255 bytes"),
        (f"socks5://:{CANARY}@p", "1 to 255 bytes"),
    ],
)
def test_a_malformed_proxy_is_reported_without_its_password(value: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^HTTPS_PROXY: .*{message}") as caught:
        choose({"HTTPS_PROXY": value})
    assert CANARY not in str(caught.value)
    assert caught.value.__cause__ is caught.value.__context__ is None


def test_a_traceback_with_local_variables_does_not_show_the_password() -> None:
    with pytest.raises(ConfigurationError) as caught:
        choose({"HTTPS_PROXY": f"http://user:{CANARY}@p@q"})
    inner = [frame for frame, _ in traceback.walk_tb(caught.tb) if frame.f_code.co_filename == proxies.__file__]
    assert inner
    assert CANARY not in repr([frame.f_locals for frame in inner])


@pytest.mark.parametrize("length", [1, 255])
def test_a_socks_proxy_takes_up_to_255_bytes(length: int) -> None:
    found = choose({"HTTPS_PROXY": f"socks5://{'u' * length}:{'%41' * length}@p"})
    assert found is not None
    assert found.credentials == (b"u" * length, b"A" * length)


@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
def test_a_socks_proxy_needs_its_package(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    monkeypatch.setattr("knock_sdk._core.wire.proxies.find_spec", lambda _: None)
    with pytest.raises(ConfigurationError, match=r"^ALL_PROXY: .*pip install 'knock-sdk\[socks\]'"):
        choose({"ALL_PROXY": f"{scheme}://127.0.0.1:1080"})
    assert choose({"ALL_PROXY": f"{scheme}://127.0.0.1:1080"}, "http://localhost") is None


ENTRIES = st.lists(
    st.one_of(
        st.text(),
        st.text("0123456789abcdef:.[]/%* ,"),
        st.from_regex(r"[a-z0-9.]{0,9}(:[0-9]+)?", fullmatch=True),
        st.ip_addresses().map(lambda address: f"[{address}]/{int(address) % 200}"),
    )
)


@given(ENTRIES, st.sampled_from(HOSTS))
def test_any_list_of_exempt_hosts_is_understood(entries: list[str], host: str) -> None:
    assert is_exempt(host, 443, ",".join(entries)) in (True, False)
    assert is_exempt(host, 443, ",".join(["x:y", *entries, host]))  # no entry hides a later one


@given(st.ip_addresses(), st.ip_addresses(), st.data())
def test_a_block_has_the_addresses_with_the_same_first_bits(host: Any, network: Any, data: st.DataObject) -> None:
    length = data.draw(st.integers(0, network.max_prefixlen))
    shift = network.max_prefixlen - length
    same = host.version == network.version and int(host) >> shift == int(network) >> shift
    assert is_exempt(str(host), 443, f"{network}/{length}") is same
    assert is_exempt(str(network), 443, f"x {network}/{length}")


@given(
    st.one_of(
        st.text(),
        st.text("htps5:/@[]%.0123456789abc?#"),
        st.from_regex(r"(http|https|socks5h?)://[^@]*:canary-31415@.*", fullmatch=True),
        st.from_regex(r"canary-31415[^@]*@[a-z\[\]:.]*(:[0-9]*)?/?", fullmatch=True),
    )
)
def test_any_value_is_a_proxy_or_a_configuration_error(value: str) -> None:
    try:
        found = choose({"HTTPS_PROXY": value})
        shown = repr(found)
    except ConfigurationError as error:
        shown = str(error)
    else:
        assert (found is None) is (not value.strip())
        assert found is None or choose({"HTTPS_PROXY": found.url}) == found
    assert CANARY not in shown


@given(
    st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60),
    st.text("a:@/?# %ä", min_size=1, max_size=60),
)
def test_an_encoded_password_comes_out_as_it_was(username: str, password: str) -> None:
    scheme = "socks5" if ":" in username else "http"
    found = choose({"HTTPS_PROXY": f"{scheme}://{quote(username, '')}:{quote(password, '')}@proxy.example"})
    assert found is not None
    assert found.credentials == (username.encode(), password.encode())
