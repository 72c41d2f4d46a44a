"""`knock-sdk doctor`: each finding, with real faults on loopback."""

from __future__ import annotations

import json
import os
import socket
import ssl
import time
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import pytest
import trustme

from knock_sdk.cli._doctor import command, versions
from knock_sdk.cli._doctor.findings import ok
from tests.support.certificates import LONG_AGO, make_server_context
from tests.support.listener import Listener
from tests.support.server import Server, after, hang, hang_up, raw, respond
from tests.wire.engine.test_proxies import tunnel

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Run, Terminal
    from tests.support.server import Reply

KEY = "sk_test_canary_2718281828"
PASSWORD = "password-canary"
HOST = "api.knock.example"
"""A host that does not exist, so that only a proxy leads to it."""
USERS = {"entries": [], "page_info": {"after": None}}


@pytest.fixture(autouse=True)
def environment(sim: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set a key and nothing else, after the simulator has set its URL."""
    for name in list(os.environ):
        if name.upper().endswith("_PROXY") or name.startswith(("KNOCK_", "SSL_CERT")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("KNOCK_API_KEY", KEY)


@pytest.fixture
def trust(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """Return an authority that is trusted."""
    authority = trustme.CA(organization_name="Authority of these tests")
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    return authority


def examine(run: Run, url: str, *given: str) -> dict[str, dict[str, Any]]:
    """Run the doctor; return the findings by the names of the checks. None shows a secret."""
    result = run("--base-url", url, "doctor", "--json", *given)
    assert result.err == ""
    assert "canary" not in result.out
    found = json.loads(result.out)
    findings = {each["check"]: each for each in found["findings"]}
    assert found["ok"] is all(each["status"] == "ok" for each in findings.values())
    assert result.status == (0 if found["ok"] else 1)
    assert [name for name, _ in command.CHECKS if name in findings] == list(findings)
    return findings


def date_of(seconds: float) -> str:
    """Return the header of a clock that differs by this many seconds."""
    return format_datetime(datetime.now(timezone.utc) + timedelta(seconds=seconds), usegmt=True)


def status_of(findings: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Return what is not well."""
    return {name: each["status"] for name, each in findings.items() if each["status"] != "ok"}


class TestAllIsWell:
    def test_with_a_local_knock(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("KNOCK_API_KEY")
        with Server(respond(json=USERS)) as server:
            findings = examine(run, server.url)
        assert status_of(findings) == {}
        assert findings["key"]["text"] == "none is set, and a Knock on this machine needs none"
        assert {received.target for received in server.requests} == {"/v1/users?page_size=1"}
        assert (server.accepted, len(server.requests)) == (1, 6)

    def test_over_tls(self, run: Run, trust: trustme.CA) -> None:
        reply = respond(json=USERS, date=date_of(0), x_ratelimit_limit="200", x_ratelimit_remaining="199")
        with Server(reply, tls=make_server_context(trust)) as server:
            findings = examine(run, f"{server.url}/base")
        assert status_of(findings) == {}
        assert findings["tls"]["details"].items() >= {"version": "TLSv1.3", "issuer": trust_name(trust)}.items()
        assert "SSL_CERT_FILE=" in findings["tls"]["text"]
        assert findings["rate limit"]["text"] == "x-ratelimit-limit: 200, x-ratelimit-remaining: 199"
        assert findings["latency"]["details"]["requests"] == 5
        assert findings["key"]["text"] == "sk_test_…, a secret key (test)"
        assert server.requests[0].target == "/base/v1/users?page_size=1"
        assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"

    def test_through_a_tunnel(self, run: Run, trust: trustme.CA, monkeypatch: pytest.MonkeyPatch) -> None:
        with (
            Server(respond(json=USERS, date=date_of(0)), tls=make_server_context(trust, HOST)) as server,
            Server(tunnel(server.port)) as proxy,
        ):
            monkeypatch.setenv("HTTPS_PROXY", f"http://user:{PASSWORD}@127.0.0.1:{proxy.port}")
            findings = examine(run, f"https://{HOST}")
        assert status_of(findings) == {}
        place = f"http://127.0.0.1:{proxy.port}"
        assert findings["proxy"]["text"] == f"{place}, from HTTPS_PROXY, with a user name"
        assert len(proxy.requests) == 1
        assert KEY not in str(proxy.requests)

    def test_through_a_proxy_that_sees_all(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("KNOCK_ALLOW_HTTP", "1")
        with Server(respond(json=USERS, date=date_of(0))) as proxy:
            monkeypatch.setenv("HTTP_PROXY", proxy.url)
            findings = examine(run, f"http://{HOST}")
        assert status_of(findings) == {"settings": "warning"}
        assert findings["settings"]["advice"].startswith("The key is sent in the clear")
        assert proxy.requests[0].target == f"http://{HOST}/v1/users?page_size=1"

    def test_through_a_proxy_that_is_reached_by_tls(
        self, run: Run, trust: trustme.CA, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with (
            Server(respond(json=USERS, date=date_of(0)), tls=make_server_context(trust, HOST)) as server,
            Server(tunnel(server.port), tls=make_server_context(trust)) as proxy,
        ):
            monkeypatch.setenv("HTTPS_PROXY", proxy.url)
            findings = examine(run, f"https://{HOST}")
        assert status_of(findings) == {}
        assert findings["connection"]["text"].startswith("left to httpx")

    def test_a_public_key(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("KNOCK_API_KEY", "pk_test_canary")
        with Server(respond(404, json={"code": "resource_missing"})) as server:
            findings = examine(run, server.url)
        assert status_of(findings) == {"key": "warning"}
        assert {received.target for received in server.requests} == {"/v1/users/knock-sdk-doctor"}
        with Server(respond(401, json={"code": "missing_user_token"})) as server:
            assert "users need a token" in examine(run, server.url)["api"]["text"]


def trust_name(authority: trustme.CA) -> str:
    """Return the name of an authority, as a certificate has it."""
    from cryptography import x509

    found = x509.load_pem_x509_certificate(authority.cert_pem.bytes())
    (name,) = found.subject.get_attributes_for_oid(x509.NameOID.ORGANIZATION_NAME)
    return str(name.value)


class TestKey:
    @pytest.mark.parametrize(
        ("key", "status", "text"),
        [
            ("", "problem", "KNOCK_API_KEY is not set"),
            ("sk_test_canary two", "problem", "contains a space"),
            ("'sk_test_canary'", "warning", "has quotes around it"),
            ("canary", "warning", "does not begin with sk_ or pk_"),
            ("pk_live_canary", "warning", "pk_live_…, a public key (live)"),
            ("sk_canary", "ok", "sk_…, a secret key"),
        ],
    )
    def test_its_form(self, run: Run, monkeypatch: pytest.MonkeyPatch, key: str, status: str, text: str) -> None:
        monkeypatch.setenv("KNOCK_API_KEY", key)
        monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
        finding = examine(run, f"https://{HOST}", "--limit", "1")["key"]
        assert finding["status"] == status
        assert text in finding["text"]

    @pytest.mark.parametrize(
        ("reply", "text"),
        [
            (respond(401, json={"code": "api_key_invalid"}), "the key is refused: 401 api_key_invalid"),
            (respond(403, json={}), "the key is refused: status 403"),
            (respond(404, json={}), "there is nothing at this URL: status 404"),
            (respond(429, json={"code": "rate_limit"}), "too many requests with this key: 429 rate_limit"),
            (respond(503, body=b"busy"), "an error of the server: status 503"),
            (respond(401, json={"code": KEY}), "the key is refused: 401 "),
        ],
    )
    def test_what_the_api_says(self, run: Run, reply: Reply, text: str) -> None:
        with Server(reply) as server:
            findings = examine(run, server.url)
        assert status_of(findings) == {"api": "problem"}
        assert findings["api"]["text"].startswith(text)
        assert findings["api"]["advice"]

    def test_without_a_key_the_clock_is_examined(
        self, run: Run, trust: trustme.CA, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("KNOCK_API_KEY", "")
        with (
            Server(respond(401, json={}, date=date_of(-500)), tls=make_server_context(trust, HOST)) as server,
            Server(tunnel(server.port)) as proxy,
        ):
            monkeypatch.setenv("HTTPS_PROXY", proxy.url)
            findings = examine(run, f"https://{HOST}")
        assert status_of(findings) == {"key": "problem", "api": "skipped", "clock": "problem"}
        assert "authorization" not in server.requests[0].headers


class TestClock:
    @pytest.mark.parametrize(
        ("seconds", "status", "text"),
        [
            (0, "ok", "within 10 s of the server's"),
            (-60, "warning", "60 s ahead of the server's"),
            (100, "warning", "100 s behind the server's"),
            (-4000, "problem", "4,000 s ahead of the server's"),
            (4000, "problem", "4,000 s behind the server's"),
        ],
    )
    def test_the_servers_clock(self, run: Run, seconds: float, status: str, text: str) -> None:
        with Server(respond(json=USERS, date=date_of(seconds))) as server:
            findings = examine(run, server.url)
        assert findings["clock"]["status"] == status
        number, _, rest = text.partition(" s ")
        shown, _, shown_rest = findings["clock"]["text"].partition(" s ")
        assert shown_rest == rest
        if number.replace(",", "").isdigit():
            assert abs(int(shown.replace(",", "")) - int(number.replace(",", ""))) <= 5

    @pytest.mark.parametrize("date", [None, "yesterday", "Fri, 99 Dec 99999 00:00:00 GMT"])
    def test_a_server_that_says_no_time(
        self, run: Run, trust: trustme.CA, monkeypatch: pytest.MonkeyPatch, date: str | None
    ) -> None:
        headers = {} if date is None else {"date": date}
        with Server(respond(json=USERS, **headers)) as server:
            assert examine(run, server.url)["clock"]["status"] == "ok"  # it has the same clock
        with (
            Server(respond(json=USERS, **headers), tls=make_server_context(trust, HOST)) as server,
            Server(tunnel(server.port)) as proxy,
        ):
            monkeypatch.setenv("HTTPS_PROXY", proxy.url)
            assert examine(run, f"https://{HOST}")["clock"]["status"] == "warning"


class TestWay:
    def test_a_name_that_does_not_resolve(self, run: Run) -> None:
        findings = examine(run, "https://knock-sdk-test.invalid", "--limit", "3")
        assert findings["dns"]["status"] == "problem"
        assert "knock-sdk-test.invalid" in findings["dns"]["text"]
        assert [name for name, each in findings.items() if each["status"] == "skipped"] == [
            *("connection", "tls", "api", "clock", "latency"),
        ]
        assert findings["versions"]["status"] == "ok"

    def test_name_servers_that_do_not_answer(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        look_up = socket.getaddrinfo

        def slow(host: Any, *given: Any, **named: Any) -> Any:
            if host == HOST and not named.get("flags"):
                time.sleep(2)
            return look_up(host, *given, **named)

        monkeypatch.setattr(socket, "getaddrinfo", slow)
        finding = examine(run, f"https://{HOST}", "--limit", "0.2")["dns"]
        assert (finding["status"], finding["text"]) == ("problem", f"looking up {HOST} took too long")

    def test_addresses_of_both_families_and_a_slow_lookup(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        with Server(respond(json=USERS, date=date_of(0))) as server:

            def look_up(host: Any, port: Any, *given: Any, **named: Any) -> Any:
                if named.get("flags"):
                    raise socket.gaierror(socket.EAI_NONAME, "no address")
                time.sleep(1.1)
                kind = (socket.SOCK_STREAM, socket.IPPROTO_TCP, "")
                return [
                    (socket.AF_INET6, *kind, ("::1", server.port, 0, 0)),
                    (socket.AF_INET, *kind, ("127.0.0.1", server.port)),
                ]

            monkeypatch.setattr(socket, "getaddrinfo", look_up)
            findings = examine(run, f"http://localhost:{server.port}")
        assert findings["dns"]["status"] == "warning"
        assert "::1, 127.0.0.1 (IPv4: 1, IPv6: 1)" in findings["dns"]["text"]
        assert findings["connection"]["status"] == "ok"

    def test_nothing_listens(self, run: Run) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        findings = examine(run, f"http://127.0.0.1:{port}")
        assert findings["connection"]["status"] == "problem"
        assert "Connection refused" in findings["connection"]["text"]
        assert f"knock-sdk simulate --port {port}" in findings["connection"]["advice"]

    @pytest.mark.parametrize(
        ("reply", "problem"),
        [
            (respond(407), "it refused the user name or the password"),
            (respond(403), "it refused to connect, with status 403"),
            (hang_up, "it closed the connection without a response"),
            (hang, "no complete answer in time"),
        ],
    )
    def test_a_proxy_that_refuses(self, run: Run, monkeypatch: pytest.MonkeyPatch, reply: Reply, problem: str) -> None:
        with Server(reply) as proxy:
            monkeypatch.setenv("HTTPS_PROXY", f"http://user:{PASSWORD}@127.0.0.1:{proxy.port}")
            findings = examine(run, f"https://{HOST}", "--limit", "0.5")
        assert status_of(findings)["connection"] == "problem"
        assert problem in findings["connection"]["text"]
        assert f"NO_PROXY={HOST}" in findings["connection"]["advice"]

    def test_a_proxy_that_is_malformed(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HTTPS_PROXY", f"ftp://user:{PASSWORD}@proxy")
        findings = examine(run, f"https://{HOST}")
        assert findings["proxy"]["status"] == "problem"
        assert findings["proxy"]["text"].startswith("HTTPS_PROXY: must be the URL of a proxy")
        assert findings["dns"]["status"] == "skipped"

    def test_an_exempt_host(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:{PASSWORD}@127.0.0.1:1")
        monkeypatch.setenv("NO_PROXY", HOST)
        finding = examine(run, f"https://{HOST}", "--limit", "1")["proxy"]
        assert finding["text"] == f"none for {HOST}, although HTTPS_PROXY, NO_PROXY is set"


class TestTLS:
    @pytest.mark.parametrize(
        ("make", "problem", "advice"),
        [
            (lambda trust: make_server_context(trustme.CA()), "unable to get local issuer certificate", "intercept"),
            (lambda trust: make_server_context(trust, "other.example"), "IP address mismatch", "another host"),
            (
                lambda trust: make_server_context(trust, not_before=LONG_AGO, not_after=LONG_AGO),
                "certificate has expired",
                "new certificate",
            ),
            (lambda trust: self_signed(), "self-signed certificate", "SSL_CERT_FILE"),
        ],
    )
    def test_a_certificate_that_is_refused(
        self, run: Run, trust: trustme.CA, make: Callable[[trustme.CA], ssl.SSLContext], problem: str, advice: str
    ) -> None:
        with Server(tls=make(trust)) as server:
            findings = examine(run, server.url)
        assert findings["tls"]["status"] == "problem"
        assert problem in findings["tls"]["text"]
        assert "issued by " in findings["tls"]["text"]
        assert advice in findings["tls"]["advice"]
        assert findings["api"]["status"] == "skipped"
        assert server.requests == []

    def test_a_certificate_that_expires_soon(self, run: Run, trust: trustme.CA) -> None:
        soon = datetime.now(timezone.utc) + timedelta(days=3)
        with Server(respond(json=USERS, date=date_of(0)), tls=make_server_context(trust, not_after=soon)) as server:
            findings = examine(run, server.url)
        assert status_of(findings) == {"tls": "warning"}

    def test_a_server_without_tls(self, run: Run) -> None:
        with Server() as server:
            findings = examine(run, server.url.replace("http:", "https:"), "--limit", "1")
        assert findings["tls"]["status"] == "problem"
        assert "the URL and its port" in findings["tls"]["advice"]

    def test_a_server_that_says_nothing(self, run: Run) -> None:
        with Listener(lambda connection: connection.recv(1) and connection.recv(100_000) and time.sleep(1)) as listener:
            findings = examine(run, listener.url, "--limit", "0.3")
        assert "took too long" in findings["tls"]["text"]

    def test_authorities_that_cannot_be_read(self, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "nothing.pem"))
        with Server(tls=make_server_context(trustme.CA())) as server:
            findings = examine(run, server.url)
        assert findings["tls"]["status"] == "problem"
        assert findings["tls"]["text"].startswith("SSL_CERT_FILE: cannot read")


def self_signed() -> ssl.SSLContext:
    """Return a context whose certificate is its own authority."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    import tempfile

    with tempfile.NamedTemporaryFile() as file:
        file.write(authority.private_key_pem.bytes() + authority.cert_pem.bytes())
        file.flush()
        context.load_cert_chain(file.name)
    return context


class TestAnswers:
    @pytest.mark.parametrize(
        ("reply", "text"),
        [
            (respond(body=b"<html>Log in", content_type="text/html; charset=utf-8"), "status 200, text/html"),
            (respond(302, location="http://login.example/?from=1"), "status 302, a redirect to login.example"),
            (respond(404, body=b"Not found", content_type="text/plain"), "status 404, text/plain"),
            (respond(json=[]), "status 200, application/json"),
        ],
    )
    def test_a_captive_portal(self, run: Run, reply: Reply, text: str) -> None:
        with Server(reply) as server:
            findings = examine(run, server.url)
        assert status_of(findings) == {"api": "problem"}
        assert findings["api"]["text"] == f"not an answer of Knock: {text}"
        assert "captive portal" in findings["api"]["advice"]

    @pytest.mark.parametrize(
        ("reply", "problem"),
        [
            (hang, "no complete answer in time"),
            (hang_up, "closed the connection"),
            (raw(b"SSH-2.0-OpenSSH\r\n\r\n", then_close=True), "not valid HTTP"),
        ],
    )
    def test_no_answer(self, run: Run, reply: Reply, problem: str) -> None:
        with Server(reply) as server:
            findings = examine(run, server.url, "--limit", "0.5")
        assert status_of(findings) == {"api": "problem", "clock": "skipped", "latency": "skipped"}
        assert problem in findings["api"]["text"]

    def test_a_slow_server(self, run: Run) -> None:
        with Server.by(lambda received: after(0 if received.number == 1 else 1.05, respond(json=USERS))) as server:
            findings = examine(run, server.url, "--limit", "10")
        assert status_of(findings) == {"latency": "warning"}

    def test_a_server_that_becomes_slow(self, run: Run) -> None:
        with Server(respond(json=USERS), hang) as server:
            findings = examine(run, server.url, "--limit", "0.5")
        assert status_of(findings) == {"latency": "problem"}

    def test_a_server_that_closes_after_each_response(self, run: Run) -> None:
        with Server(respond(json=USERS, connection="close")) as server:
            findings = examine(run, server.url)
        assert status_of(findings) == {}
        assert findings["latency"]["details"]["requests"] == 1

    def test_a_limit_that_is_used_up(self, run: Run) -> None:
        with Server(respond(json=USERS, ratelimit_remaining="0")) as server:
            assert status_of(examine(run, server.url)) == {"rate limit": "warning"}


class TestSettings:
    @pytest.mark.parametrize("url", ["api.knock.app", "https://user:canary@host", "https://host/v1"])
    def test_a_malformed_url(self, run: Run, url: str) -> None:
        findings = examine(run, url)
        assert findings["settings"]["status"] == "problem"
        assert findings["settings"]["text"].startswith("--base-url: ")
        assert findings["key"]["status"] == "ok"
        assert findings["dns"]["status"] == "skipped"

    def test_a_malformed_branch(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("KNOCK_BRANCH", "two words")
        assert examine(run, "http://127.0.0.1:1")["settings"]["text"].startswith("KNOCK_BRANCH: contains a space")

    def test_variables_in_force_and_a_misspelt_one(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("KNOCK_BRANCH", "feature")
        monkeypatch.setenv("KNOCK_BASEURL", "https://canary")
        with Server(respond(json=USERS)) as server:
            findings = examine(run, server.url)
        assert status_of(findings) == {"settings": "warning"}
        assert findings["settings"]["text"].endswith("branch feature; set: KNOCK_API_KEY, KNOCK_BASEURL, KNOCK_BRANCH")
        assert findings["settings"]["advice"] == "KNOCK_BASEURL is not read: rename it to KNOCK_BASE_URL."
        assert server.requests[0].headers["x-knock-branch"] == "feature"


class TestVersions:
    @pytest.fixture
    def requirements(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        listed = ["httpx>=0.27", "pydantic"]
        monkeypatch.setattr(versions, "requires", lambda name: listed)
        return listed

    def test_one_that_is_too_old(self, run: Run, requirements: list[str]) -> None:
        requirements += ["anyio>=999.1", "not-installed-at-all>=1"]
        finding = examine(run, "http://127.0.0.1:1")["versions"]
        assert finding["status"] == "warning"
        assert "(at least 999.1), not-installed-at-all None (at least 1)" in finding["text"]
        assert finding["advice"] == "Run pip install -U anyio not-installed-at-all."

    def test_extras(self, run: Run, requirements: list[str]) -> None:
        requirements += [
            'rich>=13; extra == "one"',
            'missing>=1; extra == "two"',
            'rich>=999; extra == "three"',
            "tzdata; platform_system == 'Windows' and extra == 'one'",
            'ruff==9; extra == "dev"',
        ]
        finding = examine(run, "http://127.0.0.1:1")["extras"]
        assert finding["status"] == "warning"
        assert finding["text"].startswith("too old: rich ")
        assert finding["details"] == {"installed": ["one", "three"], "missing": ["two"]}

    def test_what_the_distribution_says(self) -> None:
        found = {(each.name, each.extra): each.at_least for each in versions.read_requirements()}
        assert found["httpx", None] == "0.27"
        assert found["pyjwt", "tokens"] == "2.12"
        assert ("tzdata", "simulator") not in found

    @pytest.mark.parametrize(
        ("found", "at_least", "older"),
        [
            (None, None, True),
            ("1.0", None, False),
            ("1.10", "1.9", False),
            ("1.9", "1.10", True),
            ("2.0", "2", False),
            ("2", "2.0.1", True),
            ("3.0rc1", "3", False),
            ("unknown", "1", True),
        ],
    )
    def test_which_is_older(self, found: str | None, at_least: str | None, older: bool) -> None:
        assert versions.is_older(found, at_least) is older


class TestExamination:
    def test_a_mistake_in_one_check_hides_no_other(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        def wrong(examination: object) -> list[Any]:
            raise ValueError(KEY)

        monkeypatch.setattr(command, "CHECKS", [("first", wrong), ("second", lambda _: [ok("second", "fine")])])
        findings = examine(run, "http://127.0.0.1:1")
        assert findings["first"]["text"] == "it could not be examined: ValueError"
        assert status_of(findings) == {"first": "problem"}

    def test_a_check_that_does_not_end(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        checks = [("first", lambda _: time.sleep(3) or []), ("second", lambda _: [ok("second", "fine")])]
        monkeypatch.setattr(command, "CHECKS", checks)
        findings = examine(run, "http://127.0.0.1:1", "--limit", "0.1")
        assert findings["first"]["text"] == "it took longer than 0.1 s"
        assert findings["second"]["status"] == "ok"


class TestOutput:
    def test_in_a_pipe(self, run: Run) -> None:
        result = run("--base-url", "http://127.0.0.1:1", "doctor")
        lines = [line.split("\t") for line in result.out.splitlines()]
        assert (result.status, result.err) == (1, "")
        assert [line[1] for line in lines if line[0] == "problem"] == ["connection"]
        assert {len(line) for line in lines} == {4}

    @pytest.mark.parametrize("columns", [40, 80])
    def test_in_a_terminal(self, terminal: Terminal, columns: int) -> None:
        with Server(respond(json=USERS)) as server:
            status, screen = terminal("--base-url", server.url, "doctor", columns=columns, lines=80)
        assert status == 0
        assert any(line.startswith("ok      settings   http://127.0.0.1") for line in screen)
        assert "All is well." in screen

    def test_what_is_wrong_in_a_terminal(self, terminal: Terminal) -> None:
        status, screen = terminal("--base-url", "http://127.0.0.1:1", "doctor", lines=80)
        assert status == 1
        assert "Not all is well: 1 problem, 3 skipped." in screen
