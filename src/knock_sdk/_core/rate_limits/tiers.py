"""The documented rate limits: requests per second, by the tier of an operation, and what is counted together."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..requests.config import Config
    from ..requests.encode import Outgoing
    from ..requests.operation import Operation

PER_SECOND: Mapping[int, int] = {1: 1, 2: 5, 3: 60, 4: 200, 5: 1000}
"""Requests per second that each tier allows."""
PER_USER = frozenset({"listUserInAppFeedItems"})
"""Operations whose requests are always counted per user."""
RAW = "request"
"""Name of the operation of a request by its path, whose limit is that of the operation which has this path."""


def owner_of(config: Config, sent: Iterable[tuple[bytes, bytes]]) -> str:
    """Return what stands for the environment and the user of headers, of which neither key nor token can be read."""
    headers = dict(sent)
    parts = [config.origin.url.encode(), headers[b"authorization"], headers.get(b"x-knock-user-token", b"")]
    return _digest(b"\n".join(parts))


def limited_operation(outgoing: Outgoing) -> Operation | None:
    """Return the operation whose limit holds for a request; None for a path that the contract does not know."""
    operation = outgoing.operation
    if operation.name != RAW:
        return operation
    # The path of the call, without one that the URL of the API has.
    segments = _segments(operation.path)
    for known, template in _templates(operation.method):
        if len(segments) == len(template) and all(
            part in ("{}", given) for part, given in zip(template, segments, strict=True)
        ):
            return known
    return None


def scope_of(owner: str, operation: Operation, outgoing: Outgoing) -> str:
    """Return the name of what is counted together."""
    if operation.name not in PER_USER:
        return f"{owner}:{operation.name}"
    # From the end, as the URL of the API may have a path too.
    user = _segments(outgoing.target)[operation.path.split("/").index("{user_id}") - operation.path.count("/") - 1]
    return f"{owner}:{operation.name}:{_digest(unquote(user).encode())}"


def _digest(identity: bytes) -> str:
    return sha256(identity).hexdigest()[:16]


def _segments(path: str) -> list[str]:
    return path.partition("?")[0].split("/")


@lru_cache(maxsize=8)
def _templates(method: str) -> list[tuple[Operation, list[str]]]:
    """Return the operations of a method, those with the fewest parameters first, and the segments of their paths."""
    from ..requests import operations
    from ..requests.operation import Operation

    found = [
        (each, ["{}" if part.startswith("{") else part for part in _segments(each.path)])
        for each in vars(operations).values()
        if isinstance(each, Operation) and each.method == method
    ]
    return sorted(found, key=lambda pair: pair[1].count("{}"))
