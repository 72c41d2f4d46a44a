"""The names of `knockapi` 1.x that have a counterpart here, other than those of types and methods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ... import __all__ as ours
from ... import types as t
from ...errors._hints import PACKAGE
from ...errors._type_names import advise, replacement

if TYPE_CHECKING:
    from collections.abc import Mapping

THEIRS = "knockapi"
OURS = "knock_sdk"

_TOP: Mapping[str, str] = {
    "APIError": "knock_sdk.KnockError",
    "Client": "knock_sdk.Knock",
    "AsyncClient": "knock_sdk.AsyncKnock",
    "Omit": "knock_sdk.NotGiven",
    "omit": "knock_sdk.NOT_GIVEN",
    "not_given": "knock_sdk.NOT_GIVEN",
    "BaseModel": "pydantic.BaseModel",
    "NoneType": "types.NoneType",
    "Timeout": "httpx.Timeout",
    "Transport": "httpx.BaseTransport",
}
_PAGES: Mapping[str, str] = {
    **{f"Sync{name}": "knock_sdk.Page" for name in ("EntriesCursor", "ItemsCursor", "SlackChannelsCursor", "MsTeamsPagination")},
    **{f"Async{name}": "knock_sdk.AsyncPage" for name in ("EntriesCursor", "ItemsCursor", "SlackChannelsCursor", "MsTeamsPagination")},
    "EntriesCursorPageInfo": "knock_sdk.types.PageInfo",
    "ItemsCursorPageInfo": "knock_sdk.types.PageInfo",
}
CLIENTS: Mapping[str, bool] = {"Knock": False, "Client": False, "AsyncKnock": True, "AsyncClient": True}
"""Classes of clients, and whether they are asynchronous."""

HTTP_CLIENTS: Mapping[str, str] = {
    "DefaultHttpxClient": "httpx.Client",
    "DefaultAsyncHttpxClient": "httpx.AsyncClient",
    "DefaultAioHttpClient": "",
}
"""Classes of HTTP clients with the vendor's settings, and what to use instead."""

ERROR_CLASSES = frozenset(name for name in ours if name.endswith("Error")) | {"APIError"}
"""Classes of errors that both packages have, and the vendor's own."""

SAME_MODULES: Mapping[str, str] = {THEIRS: OURS, f"{THEIRS}.types": f"{OURS}.types"}
"""Modules that have a counterpart."""

_CLASS_MODULES = ("_client", "client", "_exceptions", "_types", "_models", "_base_client", "_constants", "_response")
"""Modules whose names are also those of the package, or are not public."""


def counterpart(path: str) -> str | None:
    """Return what to use here instead of something of the vendor's package, as an expression; None if nothing is.

    Args:
        path: such as `knockapi.types.users.FeedListItemsResponse`.
    """
    if path in SAME_MODULES:
        return SAME_MODULES[path]
    package, _, rest = path.partition(".")
    module, _, name = rest.rpartition(".")
    if package != THEIRS or not name:
        return None
    if module == "pagination":
        return _PAGES.get(name)
    if module == "types" or module.startswith("types."):
        return _type(module, name)
    if module and module not in _CLASS_MODULES:
        return None
    return _TOP.get(name) or (f"{OURS}.{name}" if name in ours else None)


def _type(module: str, name: str) -> str | None:
    if "params" not in module and name in t.__all__:
        return f"{OURS}.types.{name}"
    if not name[:1].isupper():  # a module of types, all of which are in one module here
        return None if "param" in name else f"{OURS}.types"
    return replacement(f"{OURS}.params" if "params" in module else f"{OURS}.types", name)


def advice(path: str) -> str:
    """Return what to do about a name that has no counterpart."""
    name = path.rpartition(".")[2]
    return PACKAGE.get(name) or advise(f"{OURS}.types", name) or "it has no counterpart here"


ERROR_ATTRIBUTES: Mapping[str, str] = {"response.status_code": "status_code", "response.headers": "headers"}
"""What is read from an error's response, and the attribute of the error itself."""

RAW_ATTRIBUTES: Mapping[str, str] = {"headers": "headers", "status_code": "status_code", "method": "method"}
"""Attributes of `with_raw_response`'s responses, and those of `response_info`."""

PAGE_METHODS: Mapping[str, str] = {"iter_pages": "pages", "get_next_page": "get_next_page", "has_next_page": "has_next_page"}
PAGE_ATTRIBUTES: Mapping[str, str] = {
    "slack_channels": "items",
    "ms_teams_teams": "items",
    "skip_token": "next_cursor",
}
MODEL_ATTRIBUTES: Mapping[str, str] = {"api_typename": "typename"}
