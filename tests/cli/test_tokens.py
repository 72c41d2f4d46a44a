"""`knock-sdk token`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jwt
import pytest

from tests.support.signing_keys import KEYS, PRIVATE, PUBLIC

if TYPE_CHECKING:
    from tests.cli.conftest import Run, Terminal


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNOCK_SIGNING_KEY", PRIVATE)


def claims_of(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token, PUBLIC, ["RS256"])
    return claims


def test_the_token_alone_is_printed(run: Run) -> None:
    result = run("token", "jhammond")
    claims = claims_of(result.out.strip())
    assert (result.status, result.err, result.out.count("\n")) == (0, "", 1)
    assert (claims["sub"], claims["exp"] - claims["iat"], claims.keys()) == ("jhammond", 3600, {"sub", "iat", "exp"})


def test_in_a_terminal_it_is_not_cut(terminal: Terminal) -> None:
    status, screen = terminal("token", "jhammond", columns=40)
    assert status == 0
    assert claims_of("".join(screen))["sub"] == "jhammond"


def test_all_options_with_a_key_in_a_file(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KNOCK_SIGNING_KEY")
    result = run(
        *("token", "jhammond", "--key-file", str(KEYS / "private-pkcs1.pem"), "--expires", "15m", "--jti"),
        *("--explicit", "--grant", "tenants/in/gen=slack/channels_read, user/feed_read", "--json"),
        *("--grant", "objects/videos/a=b=channel_data/write", "--grant", "users/jhammond=user/read"),
    )
    printed = json.loads(result.out)
    claims = claims_of(printed["token"])
    assert (printed["user_id"], claims["exp"] - claims["iat"], claims["explicit_grants"]) == ("jhammond", 900, True)
    assert len(claims["jti"]) == 36
    base = "https://api.knock.app/v1"
    assert claims["grants"] == {
        f"{base}/objects/$tenants/in%2Fgen": {"slack/channels_read": [], "user/feed_read": []},
        f"{base}/objects/videos/a=b": {"channel_data/write": []},
        f"{base}/users/jhammond": {"user/read": []},
    }


def test_a_key_from_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KNOCK_SIGNING_KEY")
    assert claims_of(run("token", "ada", "--key-file", "-", stdin=PRIVATE).out.strip())["sub"] == "ada"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["--grant", "tenants/ingen"], "'tenants/ingen' is not ENTITY=NAMES"),
        (["--grant", "people/ingen=user/read"], "is not ENTITY=NAMES"),
        (["--grant", "users/ada="], "is not ENTITY=NAMES"),
        (["--grant", "objects/videos=x"], "is not ENTITY=NAMES"),
        (["--expires", "soon"], "'soon' is not a time such as 90s"),
        (["--expires", "0s"], "--expires: must be a whole number of seconds, 1 or more"),
        (["--expires", "999999999d"], "--expires"),
        (["--key-file", str(KEYS / "public.pem")], "--key-file: is a public key"),
        (["--key-file", str(KEYS)], "cannot be read"),
    ],
)
def test_misused(run: Run, given: list[str], message: str) -> None:
    result = run("token", "ada", *given)
    assert (result.status, result.out) == (2, "")
    assert message in " ".join(result.err.replace("│", "").split())
    assert "PRIVATE KEY" not in result.err


def test_without_a_key(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNOCK_SIGNING_KEY", "")
    result = run("token", "ada")
    assert (result.status, result.out) == (2, "")
    assert "set KNOCK_SIGNING_KEY, or name a file with --key-file" in result.err


def test_a_malformed_key_is_not_shown(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNOCK_SIGNING_KEY", "secret-which-is-no-key")
    result = run("token", "ada")
    assert (result.status, result.out) == (2, "")
    assert result.err.startswith("Error: KNOCK_SIGNING_KEY: is not a key in PEM form")
    assert "secret-which" not in result.err


def test_a_user_who_cannot_be(run: Run) -> None:
    result = run("token", "..")
    assert (result.status, result.out) == (2, "")
    assert result.err.startswith("Error: USER: must not be '..'")
