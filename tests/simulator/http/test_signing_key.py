"""The signing key of the simulator: the forms that it takes, what is refused, and that it is part of the state."""

from __future__ import annotations

import copy
import sys
import traceback
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from knock_sdk.testing import Simulator, Snapshot, SnapshotError
from knock_sdk.testing.http.signing_key import SecureMode
from knock_sdk.user_tokens import sign_user_token
from knock_sdk.user_tokens._keys import load_jws
from tests.support.signing_keys import KEYS, OTHER, PRIVATE, PUBLIC, PUBLIC_PKCS1, UNSUITABLE, openssh, unsuitable

from ..support.pair import PUBLIC as PUBLIC_KEY
from ..support.pair import http


@pytest.mark.parametrize("form", [PUBLIC, PUBLIC_PKCS1, PUBLIC.encode(), KEYS / "public.pem", str(KEYS / "public.pem")])
def test_forms_of_the_signing_key(form: Any) -> None:
    sim = Simulator(signing_key=form)
    assert sim.signing_key is not None
    assert sim.signing_key.startswith("-----BEGIN")
    token = sign_user_token("ana", signing_key=PRIVATE, now=sim.now)
    with sim.client(api_key="pk_test", user_token=token) as client:
        assert client.users.update("ana").id == "ana"


LINES = PRIVATE.splitlines()[1:-1]
BODY = "".join(LINES)


class Named:
    """What has the path of a file, and no `__repr__` that shows it."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __fspath__(self) -> str:
        return self.path


IS_PRIVATE = "is a private key; pass the public one: openssl pkey -in private.pem -pubout"
NO_KEY = "is not a public RSA key in PEM form"
UNREADABLE = "signing_key: the file cannot be read: "
REFUSED: list[tuple[str, Any, type[Exception], str]] = [
    ("private", PRIVATE, ValueError, IS_PRIVATE),
    ("private in its file", KEYS / "private-pkcs1.pem", ValueError, "is a private key"),
    ("private after a byte order mark", "\ufeff" + PRIVATE, ValueError, IS_PRIVATE),
    ("private as bytes after a byte order mark", b"\xef\xbb\xbf" + PRIVATE.encode(), ValueError, IS_PRIVATE),
    ("private in quotes", f'"{PRIVATE}"', ValueError, IS_PRIVATE),
    ("private as a path", Named(PRIVATE), ValueError, IS_PRIVATE),
    ("private as a real path", Path(PRIVATE), ValueError, "signing_key: is "),
    ("private in base64", b64encode(PRIVATE.encode()).decode(), ValueError, IS_PRIVATE),
    ("private without its lines", BODY, ValueError, NO_KEY),
    ("the beginning of a private key", BODY[:200], ValueError, NO_KEY),
    ("the beginning in quotes", f"'{BODY[:200]}", ValueError, NO_KEY),
    ("the beginning as a path", Named(BODY[:200]), ValueError, NO_KEY),
    ("the beginning in base64", b64encode(PRIVATE.encode()).decode()[:200], ValueError, NO_KEY),
    ("a line of a private key", LINES[2], FileNotFoundError, UNREADABLE),
    ("a line as a path", Named(LINES[2]), FileNotFoundError, UNREADABLE),
    ("a line as a real path", Path(LINES[2]), FileNotFoundError, UNREADABLE),
    ("lines of a private key", "\n".join(LINES[2:5]), ValueError, NO_KEY),
    ("lines with escaped breaks", "\\n".join(LINES[2:5]), FileNotFoundError, UNREADABLE),
    ("a list with a private key", [PRIVATE], TypeError, "as PEM text or bytes, or the path of its file, not list"),
    ("another object with a private key", {PRIVATE: PRIVATE}, TypeError, "the path of its file, not dict"),
    ("damaged", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", ValueError, NO_KEY),
    ("empty bytes", b"", ValueError, NO_KEY),
    ("empty text", "", ValueError, NO_KEY),
    ("null character", "a\0b", ValueError, NO_KEY),
    ("lone surrogate", "a\ud800b", ValueError, NO_KEY),
    ("more than a path can be", "a/" * 128, ValueError, NO_KEY),
    ("certificate", PUBLIC.replace("PUBLIC KEY", "CERTIFICATE"), ValueError, "is a certificate; pass the key itself"),
    ("OpenSSH", "ssh-rsa AAAAB3NzaC1yc2E= me@host\n", ValueError, "in the form of OpenSSH; convert a copy"),
    ("private in the form of OpenSSH", openssh(), ValueError, "in the form of OpenSSH; convert a copy"),
    ("two keys", PUBLIC + PUBLIC, ValueError, "has 2 PEM blocks; pass the one with the key"),
    ("two private keys", PRIVATE + OTHER, ValueError, "has 2 PEM blocks; pass the one with the key"),
    ("no file", "no/such/file.pem", FileNotFoundError, "no/such/file.pem"),
    ("a number", 5, TypeError, "takes a public key as PEM text or bytes, or the path of its file, not int"),
]


@pytest.mark.parametrize(("given", "error", "problem"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_signing_key_that_is_refused(given: Any, error: type[Exception], problem: str) -> None:
    sim = Simulator(signing_key=PUBLIC)
    with pytest.raises(error, match=problem) as caught:
        Simulator(signing_key=given)
    assert problem in str(caught.value)
    assert [each for each in shown_by(caught.value) if any(line[:40] in each for line in LINES)] == []
    with pytest.raises(error, match=problem):
        sim.signing_key = given
    assert sim.signing_key == PUBLIC


def shown_by(error: BaseException | None) -> list[str]:
    """Return what an error and its chain show, with the local variables of the frames that they passed through."""
    shown: list[str] = []
    while error is not None:
        shown += [str(error), repr(error), repr(vars(error)), repr(getattr(error, "filename", None))]
        frames = (frame for frame, _ in traceback.walk_tb(error.__traceback__))
        shown += [repr(frame.f_locals) for frame in frames if frame.f_code.co_filename != __file__]
        error = error.__cause__ or error.__context__
    return shown


@pytest.mark.parametrize("before", ["\ufeff", "\ufeff\n", "ï»¿", '"', "' ", '\ufeff"'])
def test_a_byte_order_mark_and_quotes_are_left_out(before: str) -> None:
    quote = before.strip(" \n\ufeffï»¿")
    sim = Simulator(signing_key=before + PUBLIC + quote)
    token = sign_user_token("ana", signing_key=before + PRIVATE + quote, now=sim.now)
    with sim.client(api_key="pk_test", user_token=token) as client:
        assert client.users.update("ana").id == "ana"


@pytest.mark.parametrize("name", UNSUITABLE)
def test_a_public_key_that_cannot_verify_rs256_is_refused(name: str) -> None:
    problem = "has [12],0[24][47] bits, and RS256 needs 2,048 or more" if "bits" in name else "is not a public RSA key"
    with pytest.raises(ValueError, match=problem):
        Simulator(signing_key=unsuitable(name)[1])


def is_secure(sim: Simulator) -> bool:
    _, body = http(sim, "PUT", "/v1/users/ana", {}, key=PUBLIC_KEY)
    return body.get("code") == "missing_user_token"


def test_the_mode_is_part_of_the_state(tmp_path: Path) -> None:
    sim = Simulator(signing_key=PUBLIC)
    assert is_secure(sim)
    sim.reset()
    assert is_secure(sim)
    other = Simulator()
    assert not is_secure(other)
    other.restore(sim.snapshot())
    assert is_secure(other)
    assert is_secure(copy.deepcopy(sim))
    sim.save(tmp_path / "state")
    assert is_secure(Simulator.load(tmp_path / "state"))
    assert is_secure(_restored(Snapshot.from_bytes(sim.snapshot().to_bytes())))
    sim.signing_key = None
    assert not is_secure(sim)
    sim.reset()  # to the state before the first request
    assert is_secure(sim)


@pytest.mark.parametrize("key", [PUBLIC[:-40], "", 5, PUBLIC.replace("PUBLIC", "PRIVATE"), PRIVATE])
def test_a_state_with_a_damaged_key_is_refused(key: Any, tmp_path: Path) -> None:
    damaged = Simulator(signing_key=PUBLIC)
    damaged._world.put(SecureMode(key))
    damaged.save(tmp_path / "state")
    with pytest.raises(SnapshotError, match=r"state: the state cannot be used: signing_key: ") as caught:
        Simulator.load(tmp_path / "state")
    assert [each for each in shown_by(caught.value) if LINES[2][:40] in each] == []
    sim = Simulator()
    with pytest.raises(SnapshotError, match=r"^the state cannot be used: signing_key: "):
        sim.restore(damaged.snapshot())
    assert not is_secure(sim)


def test_a_state_with_a_key_needs_the_libraries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secure = Simulator(signing_key=PUBLIC)
    secure.save(tmp_path / "state")
    Simulator().save(tmp_path / "open")
    load_jws.cache_clear()
    monkeypatch.setitem(sys.modules, "jwt", None)
    with pytest.raises(ImportError, match=r"pip install 'knock-sdk\[tokens\]'"):
        Simulator.load(tmp_path / "state")
    with pytest.raises(ImportError, match=r"pip install 'knock-sdk\[tokens\]'"):
        Simulator().restore(secure.snapshot())
    assert not is_secure(Simulator.load(tmp_path / "open"))


def _restored(snapshot: Snapshot) -> Simulator:
    sim = Simulator()
    sim.restore(snapshot)
    return sim
