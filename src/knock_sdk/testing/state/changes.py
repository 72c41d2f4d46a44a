"""Changes of the state, which a server tells the browsers that look at it."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

ChangeKind: TypeAlias = Literal[
    "clock",
    "declaration",
    "fault",
    "guide",
    "guide_group",
    "message",
    "recipient",
    "request",
    "run",
    "skip",
    "state",
    "webhook",
]


class Change(NamedTuple):
    """Something in the state that has changed."""

    kind: ChangeKind
    """What has changed; `state` is everything, as after `restore`."""
    subject: str = ""
    """Id or key of what has changed, where it has one."""
    detail: str = ""
    """How: for a message, its new status without `message.`, such as `delivered`, `seen`, `created` or `deleted`."""
