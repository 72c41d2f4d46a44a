"""The types of responses: what is in a field, in a list, on a page."""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import AwareDatetime, BaseModel
from typing_extensions import TypeAliasType

from ... import types as t
from ..._async._paginate import AsyncFeedPaginator, AsyncPaginator
from ..._async.pages import AsyncFeedPage, AsyncPage
from ..._core.responses.model import OpenModel
from ..._sync.pages import FeedPage, Page

_FEED_PAGES: tuple[object, ...] = (FeedPage, AsyncFeedPage, AsyncFeedPaginator)
_PAGES: tuple[object, ...] = (Page, AsyncPage, AsyncPaginator, *_FEED_PAGES)
_ASYNCHRONOUS: tuple[object, ...] = (AsyncPage, AsyncFeedPage)
_UNIONS: tuple[object, ...] = (Union, types.UnionType)
_TIMES: tuple[object, ...] = (AwareDatetime, datetime)
_PAGE_FIELDS: Mapping[str, object] = {"page_info": t.PageInfo, "next_cursor": str}
_FEED_FIELDS: Mapping[str, object] = {"meta": t.InAppFeedMeta, "vars": dict[str, Any]}


class Field(NamedTuple):
    """A field of a response, in this package."""

    attribute: str
    type: object
    where: Literal["attribute", "properties", "key"]
    """Whether it is an attribute, a custom property, or the key of a mapping."""


def plain(annotation: object) -> object:
    """Return a type without None and without what only describes it."""
    if isinstance(annotation, TypeAliasType):
        return plain(annotation.__value__)
    origin: object = get_origin(annotation)
    if origin is Annotated:
        return plain(get_args(annotation)[0])
    if origin in _UNIONS:
        members = tuple(plain(each) for each in get_args(annotation) if each is not types.NoneType)
        return members[0] if len(members) == 1 else Union[members]  # noqa: UP007 - made at run time
    return annotation


def members(annotation: object) -> tuple[object, ...]:
    """Return the members of a union, or the type alone."""
    annotation = plain(annotation)
    return get_args(annotation) if get_origin(annotation) in _UNIONS else (annotation,)


def is_model(annotation: object) -> bool:
    """Return whether a type is that of a model, or of several."""
    return all(isinstance(each, type) and issubclass(each, BaseModel) for each in members(annotation))


def has_models(annotation: object) -> bool:
    """Return whether values of a type are models, among others."""
    return any(isinstance(each, type) and issubclass(each, BaseModel) for each in members(annotation))


def is_page(annotation: object) -> bool:
    """Return whether a type is that of a page."""
    return (get_origin(annotation) or annotation) in _PAGES


def is_asynchronous(annotation: object) -> bool:
    """Return whether a page is one of the asynchronous client."""
    return (get_origin(annotation) or annotation) in _ASYNCHRONOUS


def is_time(annotation: object) -> bool:
    """Return whether values are times, which 0.5 has as text."""
    return any(each in _TIMES for each in members(annotation))


def list_of(item: object) -> object:
    """Return the type of a list of items."""
    return types.GenericAlias(list, (item,))


def page_of(item: object, *, asynchronous: bool) -> object:
    """Return the type of a page of items."""
    page: Any = AsyncPage if asynchronous else Page
    return page[item]


def asynchronous(result: object) -> object:
    """Return the type that the asynchronous client has for a result of the synchronous one."""
    if result is FeedPage:
        return AsyncFeedPage
    return page_of(item_of(result), asynchronous=True) if is_page(result) else result


def item_of(annotation: object) -> object:
    """Return the type of the items of a list or page; None if it is neither."""
    annotation = plain(annotation)
    if annotation in _FEED_PAGES:
        return t.InAppFeedItem
    origin = get_origin(annotation)
    if origin in _PAGES or (isinstance(origin, type) and issubclass(origin, Sequence)):
        return plain(get_args(annotation)[0])
    return None


@cache
def field_of(annotation: object, key: str) -> Field | None:
    """Return the field that the API calls by a name; None if the type does not have it, or not in all cases."""
    annotation = plain(annotation)
    if is_page(annotation):
        return _page_field(annotation, key)
    if (origin := get_origin(annotation)) is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return Field(key, plain(get_args(annotation)[1]), "key")
    models = [each for each in members(annotation) if isinstance(each, type) and issubclass(each, BaseModel)]
    found = {_model_field(model, key) for model in models}
    return found.pop() if len(found) == 1 else None


def _model_field(model: type[BaseModel], key: str) -> Field | None:
    for name, described in model.model_fields.items():
        if (described.alias or name) == key:
            return Field(name, plain(described.annotation), "attribute")
    return Field(key, Any, "properties") if issubclass(model, OpenModel) else None


def _page_field(annotation: object, key: str) -> Field | None:
    if key in {"items", "entries", "slack_channels", "ms_teams_teams"}:
        attribute = key if key in {"items", "entries"} else "items"
        return Field(attribute, list_of(item_of(annotation)), "attribute")
    found = _PAGE_FIELDS.get(key) or (_FEED_FIELDS.get(key) if annotation in _FEED_PAGES else None)
    return None if found is None else Field(key, found, "attribute")


def attribute_of(annotation: object, name: str) -> object:
    """Return the type of an attribute; None if nothing is known about it."""
    annotation = plain(annotation)
    if is_page(annotation):
        field = _page_field(annotation, name)
        return None if field is None else field.type
    found = {
        plain(model.model_fields[name].annotation)
        for model in members(annotation)
        if isinstance(model, type) and issubclass(model, BaseModel) and name in model.model_fields
    }
    return found.pop() if len(found) == 1 else None
