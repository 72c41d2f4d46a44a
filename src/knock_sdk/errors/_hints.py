"""Advice on names that this package does not have, but other clients do, and on misspelt ones.

Nothing here is loaded before a name is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_HTTP_CLIENT = "pass an httpx client of your own as http_client="
_SETTING = "a client's settings are not attributes; with_options(…) returns a client with other ones"
_RAW = "read response_info of what a method returns, or use knock_sdk.capture_responses()"
_SENTINEL = "use NOT_GIVEN, or leave the argument out"

PACKAGE: Mapping[str, str] = {
    "APIError": "use KnockError, the base of all errors, or APIStatusError for those that the API responded with",
    "APIResponseError": "use APIStatusError",
    "Client": "use Knock",
    "KnockClient": "use Knock",
    "AsyncClient": "use AsyncKnock",
    "AsyncKnockClient": "use AsyncKnock",
    "ConnectionError": "use APIConnectionError",
    "TimeoutError": "use APITimeoutError",
    "InvalidRequestError": "use BadRequestError or UnprocessableEntityError",
    "ValidationError": "use InvalidArgumentError, UnprocessableEntityError or APIResponseValidationError",
    "ServerError": "use InternalServerError",
    "Timeout": "timeout= and attempt_timeout= take seconds",
    "Transport": _HTTP_CLIENT,
    "ProxiesTypes": "proxies are read from HTTPS_PROXY; for others, " + _HTTP_CLIENT,
    "DefaultHttpxClient": _HTTP_CLIENT,
    "DefaultAsyncHttpxClient": _HTTP_CLIENT,
    "DefaultAioHttpClient": _HTTP_CLIENT,
    "DEFAULT_TIMEOUT": "the default of timeout= is 60 seconds",
    "DEFAULT_MAX_RETRIES": "the default of max_retries= is 2, and 3 for workflows.trigger",
    "DEFAULT_CONNECTION_LIMITS": "max_connections= limits the connections",
    "Omit": _SENTINEL,
    "omit": _SENTINEL,
    "not_given": _SENTINEL,
    "BaseModel": "the models are in knock_sdk.types, and their base is pydantic.BaseModel",
    "NoneType": "use types.NoneType of the standard library",
    "Stream": "responses are read whole",
    "AsyncStream": "responses are read whole",
    "file_from_path": "no operation takes files",
    "error": "use knock_sdk.errors",
    "pagination": "use Page and AsyncPage",
    "resources": "the methods are attributes of a client",
    "APIResponse": _RAW,
    "AsyncAPIResponse": _RAW,
}
"""Names of modules of other clients, and what this package has instead."""

_ANY_RESOURCE: Mapping[str, str] = {
    "with_raw_response": _RAW,
    "with_streaming_response": "responses are read whole; " + _RAW,
}

CLIENT: Mapping[str, str] = {
    **_ANY_RESOURCE,
    "copy": "use with_options(…)",
    "patch": 'use request("PATCH", …)',
    "notify": "use workflows.trigger(…)",
    "trigger": "use workflows.trigger(…)",
    "preferences": "use users.get_preferences(…) and users.set_preferences(…)",
    "aclose": "use close()",
    "get_api_list": "use get(…) and next_cursor of pages",
    "api_key": "a client does not show its key",
    "auth_headers": "a client does not show its key",
    "custom_auth": "pass default_headers=",
    "is_closed": "a client does not say whether it is closed",
    **dict.fromkeys(("base_url", "branch", "default_headers", "default_query", "max_retries", "timeout"), _SETTING),
    **dict.fromkeys(("platform_headers", "user_agent"), "pass default_headers= to send others"),
    "qs": "query parameters are encoded as the API expects; extra_query= adds some",
}
"""Attributes of other clients' clients."""

_OBJECTS: Mapping[str, str] = {
    "get_messages": "use list_messages(…)",
    "get_schedules": "use list_schedules(…)",
    "get_subscriptions": "use list_subscriptions(…)",
    "get_all_preferences": "use list_preferences(…)",
    "bulk_delete": "use bulk.delete(…)",
}

_RESOURCES: Mapping[str, Mapping[str, str]] = {
    "Knock": CLIENT,
    "Users": {
        **_OBJECTS,
        "identify": "use update(…), with properties={…} for custom properties",
        "set": "use update(…)",
        "get_user": "use get(…)",
        "bulk_identify": "use bulk.identify(…)",
        "get_feed": "use feeds.list_items(…)",
    },
    "Objects": {**_OBJECTS, "update": "use set(…)", "bulk_set": "use bulk.set(…)"},
    "Tenants": {"update": "use set(…)"},
    "Workflows": {
        "list_schedules": "use client.schedules.list(…)",
        "create_schedules": "use client.schedules.create(…)",
        "update_schedules": "use client.schedules.update(…)",
        "delete_schedules": "use client.schedules.delete(…)",
    },
    "Messages": {
        "get_activities": "use list_activities(…)",
        "get_events": "use list_events(…)",
        "get_delivery_logs": "use list_delivery_logs(…)",
    },
}

ERROR: Mapping[str, str] = {
    "response": "status_code, headers, body and request_id are attributes of the error itself, if there was a response",
    "request": "method and path are attributes of the error itself",
    "http_status": "use status_code",
    "status": "use status_code",
    "http_body": "use body",
    "json_body": "use body",
    "param": "use errors, the invalid fields",
    "user_message": "use message",
    "message": "use str(error)",
    "status_code": "this error has no status, since there was no response; APIStatusError has one",
    "body": "this error has no body, since there was no response; APIStatusError has one",
    "headers": "this error has no headers; APIStatusError has some",
    "should_retry": "the client has made its retries: attempts is their number",
}
"""Attributes of other clients' errors, and of those of this package that only some errors have."""

PAGE: Mapping[str, str] = {
    "data": "use items",
    "has_more": "use has_next_page()",
    "iter_pages": "use pages()",
    "auto_paging_iter": "iterate over the page itself",
    "next_page_info": "use next_cursor",
    "to_dict": "use model_dump()",
    "dict": "use model_dump()",
    "to_json": "use model_dump_json()",
    "json": "use model_dump_json()",
}
"""Attributes of other clients' pages."""

_FIRST = "await the list for its first page, which has this"
PAGINATOR: Mapping[str, str] = {
    **PAGE,
    **dict.fromkeys(
        (
            *("items", "entries", "page_info", "next_cursor", "previous_cursor", "response_info", "meta", "vars"),
            *("has_next_page", "get_next_page", "model_dump", "model_dump_json", "keys"),
        ),
        _FIRST,
    ),
}
"""Attributes of pages, and of other clients' pages, that a list does not have before it is awaited."""

_KEY = "only workflows.trigger takes one"
_CALL: Mapping[str, str] = {
    "idempotency_key": _KEY,
    "headers": "use extra_headers",
    "params": "use extra_query",
    "query": "use extra_query",
    "body": "use extra_body",
    "json": "use extra_body",
    "request_timeout": "use timeout",
    "retries": "use max_retries",
    "max_network_retries": "use max_retries",
    "api_key": "use client.with_options(api_key=…)",
}

_LIST: Mapping[str, str] = {
    **_CALL,
    "limit": "use page_size",
    "per_page": "use page_size",
    "starting_after": "use after",
    "cursor": "use after",
    "ending_before": "use before",
}

_PROXY = "set HTTPS_PROXY, or " + _HTTP_CLIENT
_CERTIFICATES = "set SSL_CERT_FILE, or " + _HTTP_CLIENT

_NEW: Mapping[str, str] = {
    **dict.fromkeys(("auth", "bearer_token", "key", "token", "access_token", "secret_key"), "use api_key"),
    **dict.fromkeys(("proxy", "proxies", "trust_env"), _PROXY),
    **dict.fromkeys(("cert", "verify", "ssl_context", "ca_certs"), _CERTIFICATES),
    **dict.fromkeys(
        ("client", "session", "httpx_client", "transport", "http2", "event_hooks", "limits", "mounts"), _HTTP_CLIENT
    ),
    **dict.fromkeys(("url", "host", "endpoint", "api_base", "base"), "use base_url"),
    **dict.fromkeys(("retries", "max_network_retries"), "use max_retries"),
    **dict.fromkeys(("connect_timeout", "read_timeout", "request_timeout"), "use timeout and attempt_timeout"),
    "headers": "use default_headers",
    **dict.fromkeys(("params", "query"), "use default_query"),
    "environment": "each environment has a key of its own: use api_key",
    "_strict_response_validation": "use strict",
    **dict.fromkeys(("debug", "log_level", "logger"), "set KNOCK_LOG"),
}

_WITH_OPTIONS: Mapping[str, str] = {
    **{name: f"create another client: {hint}" if "http_client" in hint else hint for name, hint in _NEW.items()},
    **dict.fromkeys(("base_url", "http_client", "max_connections", "allow_http"), "create another client"),
    "set_default_headers": "use default_headers",
    "set_default_query": "use default_query",
}

KEYWORDS: Mapping[str, Mapping[str, str]] = {
    "call": _CALL,
    "list": _LIST,
    "open": {"idempotency_key": _KEY},  # any other name may be that of a custom property
    "new": _NEW,
    "with_options": _WITH_OPTIONS,
}
"""Keywords of other clients' methods, by the kind of method."""


def missing_attribute(owner: object, name: str, hints: Mapping[str, str]) -> AttributeError:
    """Return the error for an attribute that an object does not have."""
    text = f"{type(owner).__name__!r} object has no attribute {name!r}"
    if name.startswith("_"):  # tools look for many such names, on any object
        return AttributeError(text)
    return AttributeError(text + _advise(name, hints, dir(owner)))


def missing_member(owner: object, name: str) -> AttributeError:
    """Return the error for an attribute that a client or one of its resources does not have."""
    kind = type(owner).__name__.removeprefix("Async")
    return missing_attribute(owner, name, {**_ANY_RESOURCE, **_RESOURCES.get(kind, {})})


def missing_name(module: str, name: str, known: Iterable[str] = ()) -> AttributeError | ImportError:
    """Return the error for a name that a module does not have, from the module's `__getattr__`.

    `from module import name` replaces an AttributeError by an ImportError without advice, so it gets its own.
    """
    text = f"module {module!r} has no attribute {name!r}"
    if name.startswith("_"):
        return AttributeError(text)
    from ._type_names import advise

    hint = PACKAGE.get(name) or advise(module, name)
    advice = _advise(name, {name: hint} if hint else {}, known)
    if advice and _is_imported_from():
        return ImportError(f"cannot import name {name!r} from {module!r}{advice}", name=module)
    return AttributeError(text + advice)


def _is_imported_from() -> bool:
    """Return whether the caller of a module's `__getattr__` runs `from module import name`."""
    from inspect import currentframe
    from opcode import opmap

    frame = currentframe()
    for _ in range(3):  # this function, `missing_name`, `__getattr__`
        frame = frame and frame.f_back
    return frame is not None and frame.f_lasti >= 0 and frame.f_code.co_code[frame.f_lasti] == opmap["IMPORT_FROM"]


def unexpected_keyword(kind: str, name: str, known: Iterable[str], otherwise: str = "") -> TypeError:
    """Return the error for a keyword that a method of some kind does not take."""
    return TypeError(f"unexpected keyword argument {name!r}{_advise(name, KEYWORDS[kind], known, otherwise)}")


def parameters_of_method() -> frozenset[str]:
    """Return the names of the parameters of the method that was called: the nearest caller that takes options."""
    from inspect import CO_VARKEYWORDS, currentframe

    frame = currentframe()
    while frame is not None:
        code = frame.f_code
        count = code.co_argcount + code.co_kwonlyargcount
        if code.co_flags & CO_VARKEYWORDS and code.co_varnames[count] == "options":
            return frozenset(code.co_varnames[1:count])
        frame = frame.f_back
    return frozenset()


def unexpected_setting(unknown: Iterable[str], known: Iterable[str]) -> TypeError:
    """Return the error for a setting that a client does not have; without one, for a setting given by position."""
    for name in unknown:
        return unexpected_keyword("new", name, known)
    return TypeError("a client takes its settings by name, such as api_key=")


def _advise(name: str, hints: Mapping[str, str], known: Iterable[str], otherwise: str = "") -> str:
    """Return advice to follow a message: what a table says, or the known name that is nearest."""
    if hint := hints.get(name):
        return f"; {hint}"
    from difflib import get_close_matches

    near = get_close_matches(name, [each for each in known if not each.startswith("_")], n=1, cutoff=0.75)
    parts = [f"did you mean {near[0]!r}?"] if near else []
    return "".join(f"; {part}" for part in (*parts, *([otherwise] if otherwise else [])))
