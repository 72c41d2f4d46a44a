"""The order in which the addresses of a host are tried."""

from __future__ import annotations

from itertools import chain, zip_longest
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

DELAY = 0.25
"""Seconds until the next address is tried beside those that have not responded (RFC 8305, section 5)."""


def in_order(found: Sequence[Any], last: Any) -> list[Any]:
    """Return addresses in the order to try: the one that worked last, then the families by turns (RFC 8305, section 4).

    Args:
        found: what `getaddrinfo` returned, in its order.
        last: the element that worked last; None if none has.
    """
    families: dict[object, list[Any]] = {}
    for each in dict.fromkeys(found):
        families.setdefault(each[0], []).append(each)
    by_turns = [each for each in chain.from_iterable(zip_longest(*families.values())) if each is not None]
    return sorted(by_turns, key=lambda each: each != last)
