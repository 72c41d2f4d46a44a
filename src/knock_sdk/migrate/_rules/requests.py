"""Requests by path: `client.get("/v1/…")` of 1.x, and `client.request("get", "/…")` of 0.5."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from .._analysis.client_methods import method
from .._analysis.values import Symbol
from .._vendor.old_methods import OLD_METHODS
from .arguments import Item, items_of_call, items_of_dict, with_items
from .chains import renamed
from .signatures import bound_to, fits_here, given_in, literal

if TYPE_CHECKING:
    from .._analysis.values import Member
    from .draft import Draft
    from .signatures import Given

BY_PATH = frozenset({"get", "post", "put", "delete", "patch", "request"})
"""Methods of the client itself, that take a path."""

_OPTIONS = {"params": "query", "headers": "extra_headers", "timeout": "timeout", "max_retries": "max_retries"}
_TAKEN = {"path", "cast_to", "body", "options"}
_PLAIN = {"builtins.object", "builtins.dict", "typing.Any"}
_MESSAGE = (
    "a request by path: here it returns the JSON, or what `cast_to=` names; `query=` and `body=` are its data, and"
    " `response_info` or `capture_responses()` has status and headers"
)


def decide(draft: Draft, call: cst.Call, called: Member) -> None:
    """Decide about a request by path."""
    given = given_in(call)
    if called.path == "request":
        decided = _is_right(draft, given) or _request(draft, call, given)
    else:
        decided = _verb(draft, call, called.path, given)
    if not decided:
        draft.undecided("calls", call, "requests-by-path", _MESSAGE)


def _verb(draft: Draft, call: cst.Call, verb: str, given: Given) -> bool:
    """Decide about `client.get(…)` and the like; return False if that is not possible."""
    here = method("request" if verb == "patch" else verb)
    options = given.named.get("options")
    if here is None or given.dynamic or len(given.positional) > 1 or not given.named.keys() <= _TAKEN | here.names:
        return False
    path = renamed(draft, call.func, "request") if verb == "patch" else None
    is_bound = verb == "patch" and path is None
    if is_bound or not _can_cast(draft, given.named.get("cast_to")) or not _is_readable(options):
        return False
    drops_cast = _is_plain(draft, given.named.get("cast_to"))
    if options is None and not drops_cast and path is None:
        draft.right("calls")
        return True

    def change(updated: cst.Call) -> cst.Call:
        items = [Item(cst.SimpleString('"PATCH"'), positional=True)] if path is not None else []
        for item in items_of_call(updated):
            if item.name == "options" and isinstance(item.value, cst.Dict):
                inner = items_of_dict(item.value)
                items += [replace(each, name=_OPTIONS[str(literal(each.key))], key=None) for each in inner]
            elif not (item.name == "cast_to" and drops_cast):
                items.append(item)
        return with_items(updated, items)

    if path is not None:
        draft.change(call.func, path)
    draft.change(call, change)
    draft.changed("calls")
    return True


def _can_cast(draft: Draft, argument: cst.Arg | None) -> bool:
    if argument is None:
        return True
    value = draft.value(argument.value)
    return not (isinstance(value, Symbol) and value.path.partition(".")[0] == "httpx")


def _is_plain(draft: Draft, argument: cst.Arg | None) -> bool:
    """Return whether `cast_to` asks for what is returned without it."""
    if argument is None:
        return False
    node = argument.value.value if isinstance(argument.value, cst.Subscript) else argument.value
    value = draft.value(node)
    return isinstance(value, Symbol) and value.path in _PLAIN


def _is_readable(options: cst.Arg | None) -> bool:
    if options is None:
        return True
    return isinstance(options.value, cst.Dict) and all(
        isinstance(each, cst.DictElement) and literal(each.key) in _OPTIONS for each in options.value.elements
    )


def _is_right(draft: Draft, given: Given) -> bool:
    """Return whether `client.request(…)` is one of this package."""
    here = method("request")
    path = literal(given.positional[1].value) if len(given.positional) > 1 else None
    fits = here is not None and not given.dynamic and fits_here(given, here, draft.file)
    if fits and (path or "/v1/").startswith("/v1/"):
        draft.right("calls")
        return True
    return False


def _request(draft: Draft, call: cst.Call, given: Given) -> bool:
    """Decide about `client.request(method, endpoint, payload)`, whose endpoint begins after `/v1`."""
    bound = None if given.dynamic else bound_to(given, OLD_METHODS["request"])
    verb = None if bound is None else literal(bound["method"].value)
    if bound is None or verb is None or "options" in bound or not _is_path(bound["endpoint"].value):
        return False
    data = "query" if verb.lower() == "get" else "body"
    names = {id(argument): name for name, argument in bound.items()}
    order = [names[id(argument)] for argument in call.args]

    def change(updated: cst.Call) -> cst.Call:
        items: list[Item] = []
        for name, item in zip(order, items_of_call(updated), strict=True):
            if name == "method":
                items.append(replace(item, value=cst.SimpleString(f'"{verb.upper()}"')))
            elif name == "endpoint":
                items.append(replace(item, value=_with_version(item.value), name=item.name and "path"))
            else:
                items.append(replace(item, name=data))
        return with_items(updated, items)

    draft.change(call, change)
    draft.changed("calls")
    return True


def _is_path(node: cst.BaseExpression) -> bool:
    if isinstance(node, cst.FormattedString):
        first = node.parts[0] if node.parts else None
        return isinstance(first, cst.FormattedStringText) and first.value.startswith("/")
    return isinstance(node, cst.SimpleString) and (literal(node) or "").startswith("/")


def _with_version(node: cst.BaseExpression) -> cst.BaseExpression:
    if isinstance(node, cst.FormattedString):
        first = cst.ensure_type(node.parts[0], cst.FormattedStringText)
        return node.with_changes(parts=[first.with_changes(value=f"/v1{first.value}"), *node.parts[1:]])
    string = cst.ensure_type(node, cst.SimpleString)
    return string.with_changes(value=string.value.replace("/", "/v1/", 1))
