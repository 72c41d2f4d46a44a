"""Ids in the API's formats, reproducible from a seed."""

from __future__ import annotations

from hashlib import sha256
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from datetime import datetime

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_KSUID_LENGTH = 27
_KSUID_EPOCH = 1_400_000_000


class Ids:
    """A source of ids."""

    def __init__(self, seed: int) -> None:
        """Start from a seed."""
        self._random = Random(seed)  # noqa: S311 (ids must be repeatable, and protect nothing)
        self._serial = 0

    def uuid(self) -> str:
        """Return a new UUID of version 4."""
        return str(UUID(int=self._random.getrandbits(128), version=4))

    def ksuid(self, at: datetime) -> str:
        """Return a new KSUID: an id that sorts by time, as message ids do."""
        number = (int(at.timestamp()) - _KSUID_EPOCH) << 128 | self._random.getrandbits(128)
        digits: list[str] = []
        for _ in range(_KSUID_LENGTH):
            number, digit = divmod(number, 62)
            digits.append(_BASE62[digit])
        return "".join(reversed(digits))

    @property
    def last_serial(self) -> int:
        """The last serial number that was given."""
        return self._serial

    def serial(self) -> int:
        """Return the next serial number; rows are listed in this order."""
        self._serial += 1
        return self._serial


def uuid_of(name: str) -> str:
    """Return the UUID that is derived from a name."""
    return str(UUID(bytes=sha256(name.encode()).digest()[:16], version=4))
