"""PEM: a key as text, also in the forms that it has after it was pasted into an environment variable."""

from __future__ import annotations

import re
from base64 import b64decode
from typing import NamedTuple

from .secret import SecretBytes

WEAKEST = 2_048
"""Fewest bits of an RSA key that signs with RS256 (RFC 7518, section 3.3)."""

_BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----(.*)-----END \1-----", re.DOTALL)
_BASE64_OF_PEM = "LS0tLS1CRUdJTi"
"""The first letters of `-----BEGIN` in base64."""
_RSA_PSS = bytes.fromhex("06092a864886f70d01010a")
"""The object identifier of RSA keys that may only sign with PSS, in DER."""
_HEAD = 40
"""Number of bytes at the start of a key that contain the identifier of its algorithm."""


class PEM(NamedTuple):
    """A key that was read from text."""

    label: str
    """What the text says that it is, such as `RSA PRIVATE KEY`; begins with `ENCRYPTED` if it is encrypted."""
    content: SecretBytes
    """The key in DER."""

    @property
    def is_rsa_pss(self) -> bool:
        """Whether it is a key for PSS only, which libraries read like any RSA key."""
        return _RSA_PSS in self.content[:_HEAD]


def looks_like_pem(text: str) -> bool:
    """Return whether a text is meant as PEM, or as base64 of it."""
    return text.lstrip().startswith(("-----BEGIN", _BASE64_OF_PEM))


def read_pem(text: str) -> PEM | None:
    r"""Read a text that consists of one PEM block, or of base64 of one; return None for any other text.

    Line breaks may be missing, or be the two characters `\n`, as environment variables have them.
    """
    # Local variables here hold the key: nothing may be raised.
    text = _restore_line_breaks(text)
    if text.startswith(_BASE64_OF_PEM):
        decoded = _decode(text.replace("-", "+").replace("_", "/"))
        text = "" if decoded is None else _restore_line_breaks(decoded.decode("latin-1"))
    found = _BLOCK.fullmatch(text)
    if found is None:
        return None
    label, body = found.groups()
    if label.startswith("ENCRYPTED") or "ENCRYPTED" in body:  # the latter in a header before the base64
        return PEM("ENCRYPTED PRIVATE KEY", SecretBytes())
    content = _decode(body)
    return None if content is None else PEM(label, content)


def _restore_line_breaks(text: str) -> str:
    return text.replace("\\r", "").replace("\\n", "\n").strip()


def _decode(text: str) -> SecretBytes | None:
    compact = "".join(text.split()).rstrip("=")
    try:
        return SecretBytes(b64decode(compact + "=" * (-len(compact) % 4), validate=True))
    except ValueError:
        return None
