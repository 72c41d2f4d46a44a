"""Signing keys: the forms that are accepted, those that are refused, and that none is shown."""

from __future__ import annotations

import random
import traceback
from base64 import b64encode, urlsafe_b64encode
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knock_sdk import ConfigurationError, InvalidArgumentError
from knock_sdk._core.pem import read_pem
from knock_sdk._core.secret import hide
from knock_sdk.user_tokens import _keys, sign_user_token
from tests.support.signing_keys import (
    KEYS,
    OTHER,
    PRIVATE,
    PRIVATE_PKCS1,
    PUBLIC,
    claims_of,
    encrypted,
    openssh,
    unsuitable,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

BODY = "".join(PRIVATE.splitlines()[1:-1])
"""The base64 of the key, without the lines around it."""
BASE64 = b64encode(PRIVATE.encode()).decode("ascii")


def wrap(text: str, width: int) -> str:
    return "\n".join(text[start : start + width] for start in range(0, len(text), width))


FORMS: dict[str, Any] = {
    "PKCS#8": PRIVATE,
    "PKCS#1": PRIVATE_PKCS1,
    "bytes": PRIVATE.encode(),
    "bytearray": bytearray(PRIVATE.encode()),
    "base64": BASE64,
    "bytes of base64": BASE64.encode(),
    "base64 of PKCS#1": b64encode(PRIVATE_PKCS1.encode()).decode(),
    "base64 in lines": wrap(BASE64, 76) + "\n",
    "base64 for URLs": urlsafe_b64encode(PRIVATE.encode()).decode(),
    "base64 without padding": BASE64.rstrip("="),
    "base64 of escaped lines": b64encode(PRIVATE.replace("\n", "\\n").encode()).decode(),
    "no last line break": PRIVATE.strip(),
    "white space around it": f"\n\t {PRIVATE} \n",
    "lines of Windows": PRIVATE.replace("\n", "\r\n"),
    "escaped lines": PRIVATE.replace("\n", "\\n"),
    "escaped lines of Windows": PRIVATE.replace("\n", "\\r\\n"),
    "spaces in place of lines": PRIVATE.replace("\n", " "),
    "no lines": PRIVATE.replace("\n", ""),
    "byte order mark": "\ufeff" + PRIVATE,
    "byte order mark in bytes": b"\xef\xbb\xbf" + PRIVATE.encode(),
    "quotes": f'"{PRIVATE}"',
    "single quotes, escaped lines": "'" + PRIVATE.replace("\n", "\\n") + "'\n",
    "base64 in quotes": f'"{BASE64}"',
    "indented": PRIVATE.replace("\n", "\n    "),
}


@pytest.mark.parametrize("form", FORMS)
def test_forms_that_are_accepted(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert claims_of(sign_user_token("ana", signing_key=FORMS[form]))["sub"] == "ana"
    if isinstance(FORMS[form], str):
        monkeypatch.setenv("KNOCK_SIGNING_KEY", FORMS[form])
        assert claims_of(sign_user_token("ana"))["sub"] == "ana"


def test_the_argument_comes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNOCK_SIGNING_KEY", OTHER)
    assert claims_of(sign_user_token("ana", signing_key=PRIVATE))["sub"] == "ana"


@pytest.fixture
def _fresh() -> Iterator[None]:
    """Empty the cache before and after."""
    _keys._load.cache_clear()
    yield
    _keys._load.cache_clear()


@pytest.mark.usefixtures("_fresh")
def test_a_key_is_parsed_once() -> None:
    for _ in range(5):
        sign_user_token("ana", signing_key=PRIVATE)
        sign_user_token("ben", signing_key=PRIVATE.encode())
    assert _keys._load.cache_info()[:2] == (9, 1)
    assert _keys._load.cache_info().maxsize == 16
    for _ in range(2):
        with pytest.raises(ConfigurationError):
            sign_user_token("ana", signing_key="x")
    assert _keys._load.cache_info().currsize == 1


NOT_PEM = "is not a key in PEM form"
NOT_RSA = "is not a valid RSA private key in PKCS#8 or PKCS#1"
REFUSED: dict[str, tuple[Any, str]] = {
    "nothing": ("", "is empty; pass the key, or leave it out"),
    "white space": (" \n", "is empty; pass the key, or leave it out"),
    "empty bytes": (b"", "is empty; pass the key, or leave it out"),
    "no PEM": (BODY, NOT_PEM),
    "cut off": (PRIVATE[:-20], NOT_PEM),
    "without its first line": (PRIVATE.partition("\n")[2], NOT_PEM),
    "two keys": (PRIVATE + OTHER, "has 2 PEM blocks; pass the one with the key"),
    "a key and a certificate": (PRIVATE + PUBLIC.replace("PUBLIC KEY", "CERTIFICATE"), "has 2 PEM blocks"),
    "OpenSSH": (openssh(), "is a key in the form of OpenSSH; convert a copy of it: ssh-keygen -p -m PKCS8"),
    "public in OpenSSH": ("ssh-rsa AAAAB3NzaC1yc2E= me@host", "is a key in the form of OpenSSH"),
    **{
        f"the path {path}": (path, "is a path, it seems; read the file first, and pass its text")
        for path in ("private.pem", "/etc/keys/knock", "~/knock.key", "C:\\keys\\knock", '"./knock"')
    },
    "one quote": (f'"{PRIVATE}', NOT_PEM),
    "text before it": (f"Bag Attributes\n{PRIVATE}", NOT_PEM),
    "other ends": (PRIVATE.replace("END PRIVATE", "END RSA PRIVATE"), NOT_PEM),
    "other characters": (PRIVATE.replace(BODY[:8], "!" * 8), NOT_PEM),
    "base64 of something else": (b64encode(b"-----BEGIN" + BODY.encode()).decode(), NOT_PEM),
    "base64 that is cut off": (BASE64[:-30], NOT_PEM),
    "empty PEM": ("-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----", NOT_RSA),
    "damaged": (PRIVATE.replace(BODY[300:310], BODY[310:320]), NOT_RSA),
    "half of it": (f"-----BEGIN PRIVATE KEY-----\n{BODY[:800]}\n-----END PRIVATE KEY-----", NOT_RSA),
    "a label that is wrong": (PRIVATE.replace("PRIVATE KEY", "CERTIFICATE"), "is a certificate; pass the key itself"),
    "a public key": (PUBLIC, "is a public key; pass the private key"),
    "a public key in base64": (b64encode(PUBLIC.encode()).decode(), "is a public key; pass the private key"),
    "a path": (
        KEYS / "private.pem",
        "must be the text of a key in PEM form, not its path; read the file first: path.read_text()",
    ),
    "a list": ([PRIVATE], "must be the text of a key in PEM form, or its bytes, not list"),
    "a number": (5, "not int"),
}


def refuse(key: Any) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as caught:
        sign_user_token("ana", signing_key=key)
    return caught.value


@pytest.mark.parametrize("name", REFUSED)
def test_keys_that_are_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    key, problem = REFUSED[name]
    error = refuse(key)
    assert error.args[0].startswith("signing_key: ")
    assert problem in str(error)
    hidden(error, key)
    if isinstance(key, str) and key.strip():
        monkeypatch.setenv("KNOCK_SIGNING_KEY", key)
        with pytest.raises(ConfigurationError) as caught:
            sign_user_token("ana")
        assert str(caught.value) == str(error).replace("signing_key:", "KNOCK_SIGNING_KEY:", 1)
        hidden(caught.value, key)


@pytest.mark.parametrize("form", ["PKCS#8", "PKCS#1"])
def test_an_encrypted_key_is_refused(form: str) -> None:
    error = refuse(encrypted()[form])
    assert "is encrypted; decrypt it with: openssl pkey" in str(error)
    hidden(error, encrypted()[form])


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("1024 bits", "has 1,024 bits, and RS256 needs 2,048 or more"),
        ("2047 bits", "has 2,047 bits, and RS256 needs 2,048 or more"),
        ("EC", NOT_RSA),
        ("Ed25519", NOT_RSA),
        ("DSA", NOT_RSA),
        ("PSS", NOT_RSA),
    ],
)
def test_keys_of_other_algorithms_and_weak_ones_are_refused(name: str, problem: str) -> None:
    key, _ = unsuitable(name)
    error = refuse(key)
    assert problem in str(error)
    hidden(error, key)


@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_key(value: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if value is not None:
        monkeypatch.setenv("KNOCK_SIGNING_KEY", value)
    with pytest.raises(ConfigurationError, match="signing_key: is missing; pass it, or set KNOCK_SIGNING_KEY"):
        sign_user_token("ana")


@pytest.mark.parametrize("given", [{"user_id": ""}, {"jti": 1}, {"expires_in": -1}, {"grants": 5}, {"now": 5}])
def test_errors_about_other_arguments_do_not_show_the_key(given: dict[str, Any]) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        sign_user_token(**{"user_id": "ana", "signing_key": PRIVATE, **given})
    hidden(caught.value, PRIVATE)


def hidden(error: BaseException, key: Any) -> None:
    """Fail if an error, its chain, or a local variable of a frame that it passed through contains a part of a key."""
    text = key.decode() if isinstance(key, bytes) else "".join(map(str, key)) if isinstance(key, list) else str(key)
    parts = [line for line in text.replace("\\n", "\n").splitlines() if len(line) > 30 and "-----" not in line]
    assert error.__cause__ is None
    assert error.__context__ is None
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__) if "knock_sdk" in frame.f_code.co_filename]
    assert frames
    shown = str(error) + repr(error) + repr([frame.f_locals for frame in frames])
    assert [part for part in parts if part in shown] == []


def test_what_holds_a_key_hides_it() -> None:
    block = read_pem(PRIVATE)
    assert block is not None
    assert repr(block) == "PEM(label='PRIVATE KEY', content=b'***')"
    assert BODY[:40] not in repr(hide(PRIVATE)) + repr(_keys._load) + repr(_keys.find_key)


def test_damaged_keys_are_refused_without_another_error() -> None:
    source = random.Random(7)
    for _ in range(30):
        at = source.randrange(len(BODY) - 8)
        damaged = BODY[:at] + "".join(source.choices("ABCDEFGHIJKLMNOPabcdefgh0123/+", k=6)) + BODY[at + 6 :]
        text = f"-----BEGIN PRIVATE KEY-----\n{damaged}\n-----END PRIVATE KEY-----\n"
        hidden(refuse(text), text)


@given(content=st.binary(max_size=200), label=st.sampled_from(["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"]))
def test_arbitrary_contents_are_refused(content: bytes, label: str) -> None:
    text = f"-----BEGIN {label}-----\n{b64encode(content).decode()}\n-----END {label}-----\n"
    assert NOT_RSA in str(refuse(text))


@given(st.text())
def test_arbitrary_text_is_refused(text: str) -> None:
    assert str(refuse(text)).startswith(("signing_key: is ", "signing_key: has "))
