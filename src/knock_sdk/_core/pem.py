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
_QUOTED = re.compile(r"""(["'])(.*)\1""", re.DOTALL)
_BYTE_ORDER_MARKS = ("\ufeff", "\ufeff".encode().decode("latin-1"))
"""As a character, and as its bytes if they were decoded one by one."""
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
    return _clean(text).startswith(("-----BEGIN", _BASE64_OF_PEM))


def likely_problem(text: str) -> str | None:
    """Return what is probably wrong with a text that is not the expected key; None if there is no sign of it.

    The text is not repeated, since it may be a key.
    """
    blocks = text.count("-----BEGIN")
    if blocks > 1:
        return f"has {blocks} PEM blocks; pass the one with the key"
    if "-----BEGIN OPENSSH" in text or text.lstrip().startswith("ssh-"):
        return "is a key in the form of OpenSSH; convert a copy of it: ssh-keygen -p -m PKCS8 -f key"
    if "-----BEGIN CERTIFICATE" in text:
        return "is a certificate; pass the key itself"
    return None


def read_pem(text: str) -> PEM | None:
    r"""Read a text that consists of one PEM block, or of base64 of one; return None for any other text.

    Line breaks may be missing, or be the two characters `\n`, as environment variables have them. A byte order mark and
    quotes around the text are left out.
    """
    # Local variables here hold the key: nothing may be raised.
    text = _clean(text)
    if text.startswith(_BASE64_OF_PEM):
        decoded = _decode(text.replace("-", "+").replace("_", "/"))
        text = "" if decoded is None else _clean(decoded.decode("latin-1"))
    found = _BLOCK.fullmatch(text)
    if found is None:
        return None
    label, body = found.groups()
    if label.startswith("ENCRYPTED") or "ENCRYPTED" in body:  # the latter in a header before the base64
        return PEM("ENCRYPTED PRIVATE KEY", SecretBytes())
    content = _decode(body)
    return None if content is None else PEM(label, content)


def _clean(text: str) -> str:
    text = text.replace("\\r", "").replace("\\n", "\n").strip()
    for mark in _BYTE_ORDER_MARKS:
        text = text.removeprefix(mark).strip()
    quoted = _QUOTED.fullmatch(text)
    return quoted[2].strip() if quoted else text


def _decode(text: str) -> SecretBytes | None:
    compact = "".join(text.split()).rstrip("=")
    try:
        return SecretBytes(b64decode(compact + "=" * (-len(compact) % 4), validate=True))
    except ValueError:
        return None
