"""Requests by path: `client.get("/v1/…")` of 1.x, and `client.request("get", "/…")` of 0.5."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from ..analysis.client_methods import method
from ..analysis.values import Symbol
from ..vendor.old_methods import OLD_METHODS
from .arguments import Item, items_of_call, items_of_dict, with_items
from .chains import renamed
from .signatures import bound_to, fits_here, given_in, literal

if TYPE_CHECKING:
    from ..analysis.values import Member
    from .draft import Draft

_OPTIONS = {"params": "query", "headers": "extra_headers", "timeout": "timeout", "max_retries": "max_retries"}
_PLAIN = {"builtins.object", "builtins.dict", "typing.Any"}
_MESSAGE = (
    "a request by path: here it returns the JSON, or what `cast_to=` names; `query=` and `body=` are its data, and"
    " `response_info` or `capture_responses()` has status and headers"
)


def decide(draft: Draft, call: cst.Call, called: Member) -> None:
    """Decide about a request by path."""
    given = given_in(call)
    if called.path == "request":
        _request(draft, call)
        return
    path = "request" if called.path == "patch" else called.path
    here = method(path)
    if here is None or given.dynamic or len(given.positional) > 1:
        draft.undecided("calls", call, "requests-by-path", _MESSAGE)
        return
    known = {"path", "cast_to", "body", "options"}
    if not given.named.keys() <= known | here.names or not _castable(draft, given.named.get("cast_to")):
        draft.undecided("calls", call, "requests-by-path", _MESSAGE)
        return
    options = given.named.get("options")
    if options is not None and not _readable(options.value):
        draft.undecided("calls", call, "requests-by-path", _MESSAGE)
        return
    drops_cast = _is_plain(draft, given.named.get("cast_to"))
    change_path = renamed(draft, call.func, "request") if called.path == "patch" else None
    if options is None and not drops_cast and change_path is None:
        draft.right("calls")
        return

    def change(updated: cst.Call) -> cst.Call:
        items: list[Item] = []
        if called.path == "patch":
            items.append(Item(cst.SimpleString('"PATCH"'), positional=True))
        for item in items_of_call(updated):
            if item.name == "options" and isinstance(item.value, cst.Dict):
                items += [
                    replace(each, name=_OPTIONS[str(literal(each.key))], key=None) for each in items_of_dict(item.value)
                ]
            elif not (item.name == "cast_to" and drops_cast):
                items.append(item)
        return with_items(updated, items)

    if change_path is not None:
        draft.change(call.func, change_path)
    draft.change(call, change)
    draft.changed("calls")


def _castable(draft: Draft, argument: cst.Arg | None) -> bool:
    if argument is None:
        return True
    value = draft.value(argument.value)
    return not (isinstance(value, Symbol) and value.path.partition(".")[0] == "httpx")


def _is_plain(draft: Draft, argument: cst.Arg | None) -> bool:
    """Return whether `cast_to` asks for what is returned without it."""
    if argument is None:
        return False
    node = argument.value
    if isinstance(node, cst.Subscript):
        node = node.value
    value = draft.value(node)
    return isinstance(value, Symbol) and value.path in _PLAIN


def _readable(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Dict) and all(
        isinstance(each, cst.DictElement) and literal(each.key) in _OPTIONS for each in node.elements
    )


def _request(draft: Draft, call: cst.Call) -> None:
    """Decide about `client.request(method, endpoint, payload)`, whose endpoint begins after `/v1`."""
    given = given_in(call)
    bound = bound_to(given, OLD_METHODS["request"])
    here = method("request")
    if here is not None and not given.dynamic and fits_here(given, here, draft.file) and _path_is_whole(given.positional):
        draft.right("calls")
        return
    verb = None if bound is None else literal(bound["method"].value)
    if bound is None or verb is None or "options" in bound or not _is_text(bound["endpoint"].value):
        draft.undecided("calls", call, "requests-by-path", _MESSAGE)
        return
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


def _path_is_whole(positional: tuple[cst.Arg, ...]) -> bool:
    return len(positional) < 2 or (literal(positional[1].value) or "/v1/").startswith("/v1/")


def _is_text(node: cst.BaseExpression) -> bool:
    if isinstance(node, cst.FormattedString):
        first = node.parts[0] if node.parts else None
        return isinstance(first, cst.FormattedStringText) and first.value.startswith("/")
    text = literal(node)
    return isinstance(node, cst.SimpleString) and text is not None and text.startswith("/")


def _with_version(node: cst.BaseExpression) -> cst.BaseExpression:
    if isinstance(node, cst.FormattedString):
        first = cst.ensure_type(node.parts[0], cst.FormattedStringText)
        return node.with_changes(parts=[first.with_changes(value=f"/v1{first.value}"), *node.parts[1:]])
    string = cst.ensure_type(node, cst.SimpleString)
    return string.with_changes(value=string.value.replace("/", "/v1/", 1))
