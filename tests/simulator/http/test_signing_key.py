"""The signing key of the simulator: the forms that it takes, what is refused, and that it is part of the state."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk.testing import Simulator, Snapshot
from knock_sdk.user_tokens import sign_user_token
from tests.support.signing_keys import KEYS, PRIVATE, PUBLIC, PUBLIC_PKCS1, UNSUITABLE, unsuitable

from ..support.pair import PUBLIC as PUBLIC_KEY
from ..support.pair import http

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("form", [PUBLIC, PUBLIC_PKCS1, PUBLIC.encode(), KEYS / "public.pem", str(KEYS / "public.pem")])
def test_forms_of_the_signing_key(form: Any) -> None:
    sim = Simulator(signing_key=form)
    assert sim.signing_key is not None
    assert sim.signing_key.startswith("-----BEGIN")
    token = sign_user_token("ana", signing_key=PRIVATE, now=sim.now)
    with sim.client(api_key="pk_test", user_token=token) as client:
        assert client.users.update("ana").id == "ana"


BODY = "".join(PRIVATE.splitlines()[1:-1])
REFUSED: list[tuple[Any, type[Exception], str]] = [
    (PRIVATE, ValueError, "is a private key; pass the public one: openssl pkey -in private.pem -pubout"),
    (KEYS / "private-pkcs1.pem", ValueError, "is a private key"),
    (BODY, ValueError, "is not a public RSA key in PEM form"),
    ("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", ValueError, "is not a public RSA key"),
    (b"", ValueError, "is not a public RSA key"),
    (PUBLIC.replace("PUBLIC KEY", "CERTIFICATE"), ValueError, "is not a public RSA key"),
    ("no/such/file.pem", FileNotFoundError, "no/such/file.pem"),
    (5, TypeError, "takes a public key as PEM text or bytes, or the path of its file, not int"),
]


@pytest.mark.parametrize(("given", "error", "problem"), REFUSED, ids=[problem for _, _, problem in REFUSED])
def test_a_signing_key_that_is_refused(given: Any, error: type[Exception], problem: str) -> None:
    sim = Simulator(signing_key=PUBLIC)
    with pytest.raises(error, match=problem) as caught:
        Simulator(signing_key=given)
    shown = str(caught.value)
    traceback = caught.tb.tb_next
    while traceback is not None:
        shown += repr(traceback.tb_frame.f_locals)
        traceback = traceback.tb_next
    assert BODY[100:150] not in shown
    assert PRIVATE.splitlines()[3] not in shown
    with pytest.raises(error, match=problem):
        sim.signing_key = given
    assert sim.signing_key == PUBLIC


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


def _restored(snapshot: Snapshot) -> Simulator:
    sim = Simulator()
    sim.restore(snapshot)
    return sim
