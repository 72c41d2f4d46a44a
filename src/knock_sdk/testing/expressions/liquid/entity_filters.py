"""Filters of Knock that look something up: users, objects, tenants, subscriptions and translations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from liquid.filter import with_context

from . import translations
from .variables import LOOKUP

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from liquid import RenderContext

    from .variables import Lookup


def _user(value: Any, *, context: RenderContext) -> Any:
    return _lookup(context, "user").user(str(value))


def _object(value: Any, collection: Any, *, context: RenderContext) -> Any:
    return _lookup(context, "object").object(str(collection), str(value))


def _tenant(value: Any, *, context: RenderContext) -> Any:
    return _lookup(context, "tenant").tenant(str(value))


def _subscriptions(value: Any, *, context: RenderContext) -> Any:
    return _lookup(context, "subscriptions").subscriptions(str(value))


def _translate(value: Any, *, context: RenderContext, **arguments: Any) -> Any:
    return translations.translate(_lookup(context, "t"), str(value), arguments, context.globals, context.env)


def _lookup(context: RenderContext, name: str) -> Lookup:
    from liquid.exceptions import FilterArgumentError

    found = context.globals.get(LOOKUP)
    if found is None:
        raise FilterArgumentError(f"the filter {name} is not available here", token=None)
    return found  # type: ignore[return-value]


FILTERS: Mapping[str, Callable[..., Any]] = {
    "object": with_context(_object),
    "subscriptions": with_context(_subscriptions),
    "t": with_context(_translate),
    "tenant": with_context(_tenant),
    "user": with_context(_user),
}
"""Filters by name."""
