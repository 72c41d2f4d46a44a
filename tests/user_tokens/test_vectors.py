"""Vectors: whole tokens, which openssl made or checks. Signatures of RS256 are the same each time."""

from __future__ import annotations

import json
import shutil
import subprocess
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knock_sdk.user_tokens import build_user_token_grant, sign_user_token
from tests.support.signing_keys import KEYS, PRIVATE, PRIVATE_PKCS1, claims_of

NOW = datetime(2026, 1, 5, 9, tzinfo=timezone.utc)
ZOE = "Zoë 😀/#1"
# Made with `openssl base64` and `openssl dgst -sha256 -sign private.pem` alone.
VECTORS: dict[str, str] = json.loads(Path(__file__).with_name("vectors.json").read_text("ascii"))

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


def openssl(*arguments: str, given: str = "") -> bytes:
    command = ["openssl", *arguments]
    return subprocess.run(command, input=given.encode(), capture_output=True, check=True).stdout


@pytest.mark.parametrize("key", [PRIVATE, PRIVATE_PKCS1], ids=["PKCS#8", "PKCS#1"])
def test_tokens_equal_those_that_openssl_made(key: str) -> None:
    grants = [
        build_user_token_grant({"type": "tenant", "id": "ingen"}, ["slack/channels_read", "ms_teams/channels_read"]),
        build_user_token_grant({"type": "user", "id": ZOE}, ["user/feed_read"]),
    ]
    plain = sign_user_token("jhammond", signing_key=key, now=NOW)
    granted = sign_user_token(
        ZOE, signing_key=key, now=NOW, expires_in=timedelta(days=1), grants=grants, explicit_grants=True
    )
    assert {"plain": plain, "granted": granted} == VECTORS


def test_the_claims_of_the_vectors() -> None:
    assert claims_of(VECTORS["plain"]) == {"sub": "jhammond", "iat": 1767603600, "exp": 1767607200}
    assert claims_of(VECTORS["granted"])["sub"] == ZOE


@needs_openssl
def test_openssl_makes_the_same_signature() -> None:
    token = sign_user_token("ana", signing_key=PRIVATE, jti=True)
    signed, _, signature = token.rpartition(".")
    made = openssl("dgst", "-sha256", "-sign", str(KEYS / "private.pem"), given=signed)
    assert urlsafe_b64encode(made).decode("ascii").rstrip("=") == signature


@needs_openssl
@settings(max_examples=10)
@given(user=st.text(min_size=1).filter(lambda text: text not in (".", "..")), seconds=st.integers(1, 10**9))
def test_openssl_accepts_the_signature(tmp_path_factory: pytest.TempPathFactory, user: str, seconds: int) -> None:
    token = sign_user_token(user, signing_key=PRIVATE, expires_in=seconds)
    signed, _, signature = token.rpartition(".")
    file = tmp_path_factory.mktemp("signature") / "signature"
    file.write_bytes(urlsafe_b64decode(signature + "=="))
    checked = openssl("dgst", "-sha256", "-verify", str(KEYS / "public.pem"), "-signature", str(file), given=signed)
    assert checked.strip() == b"Verified OK"
    claims = claims_of(token)
    assert claims["sub"] == user
    assert claims["exp"] - claims["iat"] == seconds
