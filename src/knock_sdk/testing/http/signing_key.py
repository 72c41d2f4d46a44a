"""The public half of the key that signs user tokens: read from PEM, and kept with the state."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ..._core.pem import WEAKEST, looks_like_pem, read_pem
from ..._core.secret import Secret
from ...errors import ConfigurationError
from ...user_tokens._keys import load_jws

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from jwt import PyJWS

    from ..._core.pem import PEM

_LABELS = ("PUBLIC KEY", "RSA PUBLIC KEY")
"""Of SubjectPublicKeyInfo and PKCS#1."""
_LONGEST_PATH = 1_000
"""Characters of a text that may be a path; a private key is longer, and an error would show it as a path."""


@dataclass
class SecureMode:
    """Whether user tokens are required and checked, which Knock calls enhanced security."""

    public_key: str | None = None
    """The key in PEM form; None if tokens are not checked."""


def load_verifier() -> PyJWS:
    """Return what verifies signatures.

    Raises:
        ImportError: PyJWT or cryptography is not installed.
    """
    try:
        return load_jws()
    except ConfigurationError as error:
        raise ImportError(str(error)) from error


def hide(given: Any) -> Secret | None:
    """Wrap what was given as a key: it may be a private one by mistake, which no traceback must show."""
    return None if given is None else Secret(given)


def read_public_key(given: Secret) -> str:
    """Return the text of a public key that is given as PEM text, as bytes, or as the path of a file.

    Raises:
        TypeError: It is of another type.
        ValueError: It is not a public RSA key of 2,048 bits or more.
        OSError: The file cannot be read.
        ImportError: PyJWT or cryptography is not installed.
    """
    text = _read(given.reveal())
    load_verifier()
    parse_public_key(text)
    return text.reveal()


def _read(given: object) -> Secret:
    if isinstance(given, bytes | bytearray):
        return Secret(given.decode("latin-1"))
    if isinstance(given, str) and (not given or looks_like_pem(given) or len(given) > _LONGEST_PATH):
        return Secret(given)
    if isinstance(given, str | os.PathLike):
        return Secret(Path(cast("str | os.PathLike[str]", given)).read_text(encoding="latin-1"))
    raise TypeError(
        f"signing_key: takes a public key as PEM text or bytes, or the path of its file, not {type(given).__name__}"
    )


@lru_cache(maxsize=16)
def parse_public_key(text: Secret) -> RSAPublicKey:
    """Parse the text of a public key; raise ValueError if it is no public RSA key of 2,048 bits or more."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    block = read_pem(text.reveal())
    if block is not None and "PRIVATE" in block.label:
        # Knock itself keeps only the public half, and so does the state that can be saved in a file.
        raise ValueError(
            "signing_key: is a private key; pass the public one: openssl pkey -in private.pem -pubout -out public.pem"
        )
    key = None if block is None or block.label not in _LABELS or block.is_rsa_pss else _parse(block)
    if not isinstance(key, RSAPublicKey):
        raise ValueError(  # noqa: TRY004 - the text has the right type, and the wrong content
            "signing_key: is not a public RSA key in PEM form, which begins with -----BEGIN PUBLIC KEY-----"
        )
    if key.key_size < WEAKEST:
        raise ValueError(f"signing_key: has {key.key_size:,} bits, and RS256 needs {WEAKEST:,} or more")
    return key


def _parse(block: PEM) -> object:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        return load_der_public_key(block.content)
    except (UnsupportedAlgorithm, ValueError):
        return None
