"""Results of list methods: the first page; the asynchronous client returns objects to await or to iterate."""

# ruff: noqa: TC001 - annotations of public methods can be evaluated
from __future__ import annotations

from typing import TypeVar

from .. import types as t
from .._core.requests.request import PageRequest
from .pages import FeedPage, Page
from .transport import Transport

T = TypeVar("T")


def paginate(transport: Transport, request: PageRequest[T]) -> Page[T]:
    """Fetch the first page of a list."""
    envelope, info = transport.send_with_info(request)
    return Page(transport, request, envelope, info)


def paginate_feed(transport: Transport, request: PageRequest[t.InAppFeedItem]) -> FeedPage:
    """Fetch the first page of a feed."""
    return FeedPage.fetch(transport, request)
