"""What this package's clients have, read from the clients themselves: methods, their parameters and their results."""

from __future__ import annotations

import inspect
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, get_type_hints

from ..._core.requests.options import RequestOptions
from ..._sync.client import Knock

if TYPE_CHECKING:
    from collections.abc import Mapping

OPTIONS = frozenset(RequestOptions.__annotations__)
"""Keywords that every method takes."""


class Method(NamedTuple):
    """A method of a client."""

    path: str
    """Such as `users.feeds.list_items`."""
    positional: tuple[str, ...]
    """Parameters that may be given by position."""
    keywords: frozenset[str]
    """Parameters that must be named."""
    required: frozenset[str]
    result: object
    """The annotation of what the synchronous client returns; NoneType for nothing."""

    @property
    def names(self) -> frozenset[str]:
        """All names that a call may use."""
        return self.keywords | OPTIONS | frozenset(self.positional)


@cache
def resources() -> Mapping[str, type[Any]]:
    """Return the classes of resources by their path; the client itself is the empty path."""
    found: dict[str, type[Any]] = {"": Knock}
    queue = [""]
    while queue:
        path = queue.pop()
        for name in dir(found[path]):
            member = inspect.getattr_static(found[path], name)
            if isinstance(member, cached_property):
                inner = f"{path}.{name}".lstrip(".")
                found[inner] = get_type_hints(member.func)["return"]
                queue.append(inner)
    return found


@cache
def method(path: str) -> Method | None:
    """Return the method at a path; None if a client has none there."""
    owner, _, name = path.rpartition(".")
    function = inspect.getattr_static(resources().get(owner), name, None)
    if name.startswith("_") or not inspect.isfunction(function):
        return None
    parameters = list(inspect.signature(function).parameters.values())[1:]
    named = [each for each in parameters if each.kind is each.KEYWORD_ONLY]
    given = [each for each in parameters if each.kind is each.POSITIONAL_OR_KEYWORD]
    return Method(
        path,
        tuple(each.name for each in given),
        frozenset(each.name for each in named),
        frozenset(each.name for each in (*named, *given) if each.default is each.empty),
        get_type_hints(function)["return"],
    )
