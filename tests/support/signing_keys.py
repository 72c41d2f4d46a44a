"""Keys that sign user tokens in tests, and keys that must be refused. They protect nothing."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from functools import cache
from typing import TYPE_CHECKING, Any

import jwt
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, padding, rsa

from .paths import TESTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

KEYS = TESTS / "user_tokens" / "keys"
PRIVATE = (KEYS / "private.pem").read_text("ascii")
PRIVATE_PKCS1 = (KEYS / "private-pkcs1.pem").read_text("ascii")
PRIVATE_PSS = (KEYS / "private-pss.pem").read_text("ascii")
PUBLIC = (KEYS / "public.pem").read_text("ascii")
PUBLIC_PKCS1 = (KEYS / "public-pkcs1.pem").read_text("ascii")
PUBLIC_PSS = (KEYS / "public-pss.pem").read_text("ascii")
OTHER = (KEYS / "other.pem").read_text("ascii")
"""The private key of another environment."""

_PEM = serialization.Encoding.PEM
_PKCS8 = serialization.PrivateFormat.PKCS8
_TRADITIONAL = serialization.PrivateFormat.TraditionalOpenSSL
_OPEN = serialization.NoEncryption()
_PASSWORD = serialization.BestAvailableEncryption(b"password")


_UNSUITABLE: Mapping[str, Callable[[], Any]] = {
    "1024 bits": lambda: rsa.generate_private_key(65537, 1024),
    "2047 bits": lambda: rsa.generate_private_key(65537, 2047),
    "EC": lambda: ec.generate_private_key(ec.SECP256R1()),
    "Ed25519": ed25519.Ed25519PrivateKey.generate,
    "DSA": lambda: dsa.generate_private_key(1024),
}
UNSUITABLE = (*_UNSUITABLE, "PSS")
"""What is wrong with keys that cannot sign with RS256."""


@cache
def unsuitable(name: str) -> tuple[str, str]:
    """Return a key that cannot sign with RS256, private and public in PEM form, by what is wrong with it."""
    if name == "PSS":
        return PRIVATE_PSS, PUBLIC_PSS
    key = _UNSUITABLE[name]()
    return _private(key), _public(key)


@cache
def encrypted() -> Mapping[str, str]:
    """Return the private key, encrypted in each form."""
    key: Any = serialization.load_pem_private_key(PRIVATE.encode(), None)
    return {
        name: key.private_bytes(_PEM, form, _PASSWORD).decode("ascii")
        for name, form in (("PKCS#8", _PKCS8), ("PKCS#1", _TRADITIONAL))
    }


@cache
def openssh() -> str:
    """Return the private key in the form of OpenSSH."""
    text = parsed(PRIVATE).private_bytes(_PEM, serialization.PrivateFormat.OpenSSH, _OPEN)
    return str(text.decode("ascii"))


def _private(key: Any) -> str:
    return str(key.private_bytes(_PEM, _PKCS8, _OPEN).decode("ascii"))


def _public(key: Any) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return str(key.public_key().public_bytes(_PEM, form).decode("ascii"))


def claims_of(token: str) -> dict[str, Any]:
    """Return the claims of a token whose signature PyJWT accepts; its times are not checked."""
    never = {"verify_exp": False, "verify_iat": False, "verify_nbf": False}
    claims: dict[str, Any] = jwt.decode(token, PUBLIC, algorithms=["RS256"], options=never)
    return claims


def sign_claims(claims: Mapping[str, object], key: str = PRIVATE, algorithm: str = "RS256") -> str:
    """Sign any claims with PyJWT, also those that `sign_user_token` refuses to make."""
    return jwt.encode(dict(claims), parsed(key), algorithm=algorithm)


def sign_payload(payload: bytes) -> str:
    """Sign anything in place of claims."""
    return jwt.PyJWS().encode(payload, parsed(PRIVATE), "RS256")


def sign_parts(header: bytes, payload: bytes = b'{"sub":"ana"}') -> str:
    """Sign a token with any bytes as its header, also such that PyJWT refuses to make."""
    text = b".".join(urlsafe_b64encode(part).rstrip(b"=") for part in (header, payload))
    signature: bytes = parsed(PRIVATE).sign(text, padding.PKCS1v15(), hashes.SHA256())
    return (text + b"." + urlsafe_b64encode(signature).rstrip(b"=")).decode("ascii")


@cache
def parsed(key: str) -> Any:
    """Return a private key, parsed once, since that takes long; the secret of an HMAC as it is."""
    return serialization.load_pem_private_key(key.encode(), None) if key.startswith("-----BEGIN") else key
