"""The public half of the key that signs user tokens: read from PEM, and kept with the state."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ..._core.pem import WEAKEST, likely_problem, looks_like_pem, read_pem
from ..._core.secret import Secret
from ...errors import ConfigurationError
from ...user_tokens._keys import load_jws

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from jwt import PyJWS

    from ..._core.pem import PEM

_LABELS = ("PUBLIC KEY", "RSA PUBLIC KEY")
"""Of SubjectPublicKeyInfo and PKCS#1."""
_LONGEST_PATH = 255
"""Most characters of a path; a private key is longer, and an error would show it as a path."""
_KEY_STARTS = ("MII", "MIG", "LS0t")
"""How keys in base64 begin, without the first line of PEM or with it."""
_NO_PATH = frozenset("\r\n\0")
_MAYBE_KEY = re.compile(r"[A-Za-z0-9+/=_\s\\-]{32,}")
"""A text that may be a part of a key in base64, so that an error must not show it as the name of a file."""


@dataclass
class SecureMode:
    """Whether user tokens are required and checked, which Knock calls enhanced security."""

    public_key: str | None = field(default=None, repr=False)
    """The key in PEM form; None if tokens are not checked. A damaged state may hold a private one: it is not shown."""


def load_verifier() -> PyJWS:
    """Return what verifies signatures.

    Raises:
        ImportError: PyJWT or cryptography is not installed.
    """
    try:
        return load_jws()
    except ConfigurationError as error:
        raise ImportError(str(error)) from error


def read_public_key(given: Secret) -> str:
    """Return the text of a public key that is given as PEM text, as bytes, or as the path of a file.

    Raises:
        TypeError: It is of another type.
        ValueError: It is not a public RSA key of 2,048 bits or more.
        OSError: The file cannot be read.
        ImportError: PyJWT or cryptography is not installed.
    """
    text = _read(given)
    load_verifier()
    parse_public_key(text)
    return text.reveal()


def check_stored_key(mode: SecureMode) -> None:
    """Check the key of a state that was saved or copied; do nothing without secure mode.

    Raises:
        ValueError: It is damaged.
        ImportError: PyJWT or cryptography is not installed.
    """
    if mode.public_key is None:
        return
    load_verifier()
    kind: type[Any] = type(mode.public_key)  # the file may hold anything
    if not issubclass(kind, str):
        raise ValueError(f"signing_key: is a value of the type {kind.__name__}")  # noqa: TRY004
    parse_public_key(Secret(mode.public_key))


def _read(given: Secret) -> Secret:
    # No local variable here holds what was given, which tracebacks may show.
    kind: type[Any] = type(given.reveal())
    if issubclass(kind, bytes | bytearray):
        return Secret(cast("Any", given.reveal()).decode("latin-1"))
    if not issubclass(kind, str) and not hasattr(kind, "__fspath__"):
        raise TypeError(
            f"signing_key: takes a public key as PEM text or bytes, or the path of its file, not {kind.__name__}"
        )
    text = Secret(os.fsdecode(given.reveal()))
    return _read_file(text) if _is_path(text.reveal()) else text


def _is_path(text: str) -> bool:
    if not text or len(text) > _LONGEST_PATH or not _NO_PATH.isdisjoint(text):
        return False
    return not looks_like_pem(text) and not text.lstrip("\ufeff \"'").startswith(_KEY_STARTS)


def _read_file(path: Secret) -> Secret:
    try:
        return Secret(Path(path.reveal()).read_text(encoding="latin-1"))
    except OSError as error:
        if not _MAYBE_KEY.fullmatch(path.reveal()):
            raise
        number, reason = error.errno, error.strerror
    except ValueError:  # a text that no file system can have as a name
        return path
    # Outside of the handler, so that the error with the file's name is not its context.
    raise OSError(number, f"signing_key: the file cannot be read: {reason}")


@lru_cache(maxsize=16)
def parse_public_key(text: Secret) -> RSAPublicKey:
    """Parse the text of a public key; raise ValueError if it is no public RSA key of 2,048 bits or more."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    block = read_pem(text.reveal())
    if (block is None or block.label not in _LABELS) and (problem := likely_problem(text.reveal())):
        raise ValueError(f"signing_key: {problem}")
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
