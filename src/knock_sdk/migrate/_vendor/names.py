"""The names of `knockapi` 1.x that have a counterpart here, other than those of types and methods."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

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
_KINDS_OF_PAGES = ("EntriesCursor", "ItemsCursor", "SlackChannelsCursor", "MsTeamsPagination")
_PAGES: Mapping[str, str] = {
    **{f"Sync{name}": "knock_sdk.Page" for name in _KINDS_OF_PAGES},
    **{f"Async{name}": "knock_sdk.AsyncPage" for name in _KINDS_OF_PAGES},
    "EntriesCursorPageInfo": "knock_sdk.types.PageInfo",
    "ItemsCursorPageInfo": "knock_sdk.types.PageInfo",
}
_EARLIER_TYPES: Mapping[str, str] = {
    **dict.fromkeys(
        (
            *("AudienceAddMembersResponse", "AudienceRemoveMembersResponse", "WorkflowCancelResponse"),
            *("ObjectDeleteResponse", "ObjectUnsetChannelDataResponse", "TenantDeleteResponse"),
            *("UserDeleteResponse", "UserUnsetChannelDataResponse"),
        ),
        "None",
    ),
    "MessageGetContentResponse": "knock_sdk.types.MessageContents",
    "OneSignalChannelData": "knock_sdk.types.OneSignalChannelDataPlayerIdsOnly",
    "PushChannelData": "knock_sdk.types.PushChannelDataFull",
    "GuideMarkMessageAsArchivedResponse": "knock_sdk.types.GuideActionResponse",
    "GuideMarkMessageAsInteractedResponse": "knock_sdk.types.GuideActionResponse",
    "GuideMarkMessageAsSeenResponse": "knock_sdk.types.GuideActionResponse",
}
"""Types that only the first versions of 1.x have."""

CLIENTS: Mapping[str, bool] = {"Knock": False, "Client": False, "AsyncKnock": True, "AsyncClient": True}
"""Classes of clients, and whether they are asynchronous."""

HTTP_CLIENTS: Mapping[str, str] = {
    "DefaultHttpxClient": "httpx.Client",
    "DefaultAsyncHttpxClient": "httpx.AsyncClient",
    "DefaultAioHttpClient": "",
}
"""Classes of HTTP clients with the vendor's settings, and what to use instead."""

_OWN_NAMES = frozenset(import_module(OURS).__all__)  # by name: this layer knows of none above it
ERROR_CLASSES = frozenset(name for name in _OWN_NAMES if name.endswith("Error")) | {"APIError"}
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
    return _TOP.get(name) or (f"{OURS}.{name}" if name in _OWN_NAMES else None)


def _type(module: str, name: str) -> str | None:
    if "params" not in module and name in t.__all__:
        return f"{OURS}.types.{name}"
    if not name[:1].isupper():  # a module of types, all of which are in one module here
        return None if "param" in name else f"{OURS}.types"
    found = replacement(f"{OURS}.params" if "params" in module else f"{OURS}.types", name)
    return found or _EARLIER_TYPES.get(name)


def advice(path: str) -> str:
    """Return what to do about a name that has no counterpart."""
    name = path.rpartition(".")[2]
    return PACKAGE.get(name) or advise(f"{OURS}.types", name) or "it has no counterpart here"


RAW_ATTRIBUTES: Mapping[str, str] = {"headers": "headers", "status_code": "status_code", "method": "method"}
"""Attributes of `with_raw_response`'s responses, and those of `response_info`."""

PAGE_ATTRIBUTES: Mapping[str, str] = {
    "slack_channels": "items",
    "ms_teams_teams": "items",
    "skip_token": "next_cursor",
}
MODEL_ATTRIBUTES: Mapping[str, str] = {"api_typename": "typename"}
