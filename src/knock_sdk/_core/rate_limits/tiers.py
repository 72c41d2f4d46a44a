"""The documented rate limits: requests per second, by the tier of an operation, and what is counted together."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..requests.config import Config
    from ..requests.encode import Outgoing
    from ..requests.operation import Operation

PER_SECOND: Mapping[int, int] = {1: 1, 2: 5, 3: 60, 4: 200, 5: 1000}
"""Requests per second that each tier allows."""
PER_USER = frozenset({"listUserInAppFeedItems"})
"""Operations whose requests are always counted per user."""
RAW = "request"
"""Name of the operation of a request by its path, whose limit is that of the operation which has this path."""


def owner_of(config: Config) -> str:
    """Return what stands for a client's environment and user, of which neither key nor token can be read."""
    parts = [config.origin.url, config.api_key.reveal()]
    if config.user_token is not None:
        parts.append(config.user_token.reveal())
    return sha256("\n".join(parts).encode()).hexdigest()[:16]


def limited_operation(outgoing: Outgoing) -> Operation | None:
    """Return the operation whose limit holds for a request; None for a path that the contract does not know."""
    operation = outgoing.operation
    if operation.name != RAW:
        return operation
    segments = outgoing.target.partition("?")[0].split("/")
    for known, template in _templates(operation.method):
        # From the end, since the URL of the API may have a path of its own.
        found = segments[-len(template) :]
        if len(found) == len(template) and all(
            part in ("{}", given) for part, given in zip(template, found, strict=True)
        ):
            return known
    return None


def scope_of(owner: str, operation: Operation, outgoing: Outgoing) -> str:
    """Return the name of what is counted together."""
    if operation.name not in PER_USER:
        return f"{owner}:{operation.name}"
    user = sha256(outgoing.target.partition("?")[0].encode()).hexdigest()[:16]
    return f"{owner}:{operation.name}:{user}"


@lru_cache(maxsize=8)
def _templates(method: str) -> list[tuple[Operation, list[str]]]:
    """Return the operations of a method, those with the fewest parameters first, and the segments of their paths."""
    from ..requests import operations
    from ..requests.operation import Operation

    found = [
        (each, ["{}" if part.startswith("{") else part for part in each.path.lstrip("/").split("/")])
        for each in vars(operations).values()
        if isinstance(each, Operation) and each.method == method
    ]
    return sorted(found, key=lambda pair: pair[1].count("{}"))
