"""Names in queries and assertions: with a misspelt one, an assertion that nothing was sent would pass by mistake."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from ..._core.type_guards import is_mapping
from ..messaging.messages import DELIVERY, ENGAGEMENT
from ..state import arguments
from ..state.arguments import check_optional
from ..state.channels import PROVIDERS
from ..state.names import almost, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..state.world import World
    from .criteria import MessageCriteria

_TEXTS = ("channel", "workflow", "tenant", "status", "subject", "contains")
_CLOSE = 0.8


def check_criteria(world: World, wanted: MessageCriteria) -> None:
    """Check the types of criteria, and the names in them.

    Raises:
        TypeError: A value is of a type that no message has.
        ValueError: There is no such workflow, channel, status or collection; the message suggests a similar name.
    """
    check_optional(str, "text", **{name: getattr(wanted, name) for name in _TEXTS})
    data: object = wanted.data
    if data is not None and not is_mapping(data):
        raise TypeError(f"data: takes values by name, not {type(data).__name__}")
    check_recipient(world, "to", wanted.to)
    if wanted.workflow is not None:
        check_workflow(world, wanted.workflow)
    if wanted.channel is not None:
        known = world.channels.by_key.keys() | PROVIDERS.keys()
        if wanted.channel not in known:
            raise ValueError(
                f"channel: {wanted.channel!r} is neither a declared channel nor a channel type"
                f"{_suggest(wanted.channel, known)}"
            )
    if wanted.status is not None and wanted.status not in (known_statuses := (*DELIVERY, *ENGAGEMENT)):
        raise ValueError(f"status: no message can be {wanted.status!r}{_suggest(wanted.status, known_statuses)}")


def check_workflow(world: World, key: object) -> None:
    """Check the key of a workflow.

    Where undeclared workflows may be triggered, only a key that almost equals one that was triggered is refused.

    Raises:
        TypeError: The key is not text.
        ValueError: No workflow has this key; the message suggests a similar one.
    """
    check_optional(str, "text", workflow=key)
    known = world.workflows.keys() | world.assumed_workflows.keys()
    if not isinstance(key, str) or key in known:
        return
    if not world.allows_undeclared_workflows:
        raise ValueError(f"workflow: no workflow {key!r} is declared{_suggest(key, known)}")
    if meant := almost(key, world.assumed_workflows):
        raise ValueError(
            f"workflow: no workflow {key!r} was triggered or declared; did you mean {meant!r}? "
            "If not, declare both workflows"
        )


def check_recipient(world: World, name: str, recipient: object) -> None:
    """Check a reference to a recipient, which is None if the argument is absent, and the name of its collection.

    Raises:
        TypeError: It is neither text nor a mapping of texts.
        ValueError: It has no id, or its collection almost equals one that has objects.
    """
    arguments.check_recipient(name, recipient)
    collection = recipient.get("collection") if is_mapping(recipient) else None
    known = [each for each, rows in world.collections.items() if each is not None and rows]
    if isinstance(collection, str) and collection not in known:
        for near in get_close_matches(collection, known, n=1, cutoff=_CLOSE):
            raise ValueError(f"{name}: no object is in a collection {collection!r}; did you mean {near!r}?")


def check_count(count: object) -> None:
    """Check an expected number, which is None for one or more.

    Raises:
        TypeError: It is not a whole number.
        ValueError: It is below 0.
    """
    if count is not None and (isinstance(count, bool) or not isinstance(count, int)):
        raise TypeError(f"count: takes a whole number, or None for one or more, not {count!r}")
    if count is not None and count < 0:
        raise ValueError("count: takes 0 or more")


def _suggest(name: object, known: Iterable[str]) -> str:
    """Return the nearest known name as a question, or all of them."""
    listed = sorted(known)
    return did_you_mean(name, listed) or (f"; there are {', '.join(listed)}" if listed else "")
