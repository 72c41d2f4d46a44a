"""Signing keys: the private key that signs user tokens, from an argument or the environment, parsed once."""

from __future__ import annotations

import os
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from .._core.pem import WEAKEST, likely_problem, read_pem
from .._core.secret import Secret
from ..errors import ConfigurationError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from jwt import PyJWS

    from .._core.secret import SecretBytes

VARIABLE = "KNOCK_SIGNING_KEY"

_MISSING = "user tokens need PyJWT with cryptography: pip install 'knock-sdk[tokens]'"
_PATH = re.compile(r"""["']?(?:(?:[./~]|[A-Za-z]:\\).{0,253}|.{1,250}\.(?:pem|key|pub|txt))["']?""")
_LABELS = ("PRIVATE KEY", "RSA PRIVATE KEY")
"""Of PKCS#8 and PKCS#1."""


@cache
def load_jws() -> PyJWS:
    """Return the JWS codec, limited to RS256.

    Raises:
        ConfigurationError: They are not installed.
    """
    try:
        from jwt import PyJWS

        jws = PyJWS(algorithms=["RS256"])
        jws.get_algorithm_by_name("RS256")
    except (ImportError, NotImplementedError) as error:  # the second, if only cryptography is missing
        raise ConfigurationError(_MISSING) from error
    return jws


def find_key(given: Secret | None) -> RSAPrivateKey:
    """Return the key that was given, or else that of the environment.

    Raises:
        ConfigurationError: There is none, or it cannot sign user tokens; the message never repeats it.
    """
    if given is None:
        from_environment = Secret(os.environ.get(VARIABLE, ""))
        if not from_environment.reveal():
            raise ConfigurationError(f"signing_key: is missing; pass it, or set {VARIABLE}")
        return _load(VARIABLE, from_environment)
    if problem := _problem(given.reveal()):
        raise ConfigurationError(f"signing_key: {problem}")
    return _load("signing_key", Secret(_to_text(given.reveal())))


def _to_text(key: object) -> str:
    return key.decode("latin-1") if isinstance(key, bytes | bytearray) else str(key)


def _problem(key: object) -> str | None:
    if isinstance(key, str | bytes | bytearray):
        return None if key.strip() else "is empty; pass the key, or leave it out"
    if isinstance(key, os.PathLike):
        return "must be the text of a key in PEM form, not its path; read the file first: path.read_text()"
    return f"must be the text of a key in PEM form, or its bytes, not {type(key).__name__}"


# Keyed by the text of the key. That keeps no secret that the process does not hold anyway, in its settings and as the
# parsed key; `Secret` hides it. Parsing takes a hundred times as long as signing, since it checks the key's primes.
@lru_cache(maxsize=16)
def _load(name: str, secret: Secret) -> RSAPrivateKey:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    block = read_pem(secret.reveal())
    if (block is None or block.label not in _LABELS) and (problem := likely_problem(secret.reveal())):
        raise ConfigurationError(f"{name}: {problem}")
    if block is None and _PATH.fullmatch(secret.reveal().strip()):
        raise ConfigurationError(f"{name}: is a path, it seems; read the file first, and pass its text")
    if block is None:
        raise ConfigurationError(
            f"{name}: is not a key in PEM form, which begins with -----BEGIN PRIVATE KEY-----, nor base64 of one"
        )
    if block.label.startswith("ENCRYPTED"):
        raise ConfigurationError(f"{name}: is encrypted; decrypt it with: openssl pkey -in key.pem -out decrypted.pem")
    if "PUBLIC" in block.label:
        raise ConfigurationError(f"{name}: is a public key; pass the private key, which Knock shows once")
    parsed = None if block.label not in _LABELS or block.is_rsa_pss else _parse(block.content)
    if not isinstance(parsed, RSAPrivateKey):
        raise ConfigurationError(
            f"{name}: is not a valid RSA private key in PKCS#8 or PKCS#1, which RS256 needs; copy Knock's signing key"
        )
    if parsed.key_size < WEAKEST:
        raise ConfigurationError(
            f"{name}: has {parsed.key_size:,} bits, and RS256 needs {WEAKEST:,} or more; generate another key"
        )
    return parsed


def _parse(content: SecretBytes) -> object:
    """Parse a private key; return None if that is not possible."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    # The errors end here: none is the context of another.
    try:
        return load_der_private_key(content, None)
    except (TypeError, UnsupportedAlgorithm, ValueError):
        return None
