"""Errors: what is read from them, and which are caught."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from ...errors._hints import ERROR
from .._analysis.values import Caught, Member, Symbol
from .draft import text_of
from .harmless import is_shown
from .signatures import given_in

if TYPE_CHECKING:
    from .draft import Draft

_STATUS_ERRORS_ONLY = {"status_code", "headers", "body"}
_OF_RESPONSE = {"status_code": "status_code", "headers": "headers"}
_OF_REQUEST = {"method": "method"}
_BASES = {"APIError", "KnockError", "APIConnectionError", "APITimeoutError"}
_VIEWS = {"items", "keys", "values"}
_OF_REQUESTS = ("requests.", "urllib3.")


def attribute(draft: Draft, node: cst.Attribute, owner: Caught) -> None:
    """Decide about an attribute of an error, or of the response or the request that it has in 1.x."""
    name = node.attr.value
    parent = draft.parent(node)
    if owner.part:
        table = _OF_RESPONSE if owner.part == "response" else _OF_REQUEST
        draft.claim(node.value)
        if owner.part == "response" and name == "json" and isinstance(parent, cst.Call) and not parent.args:
            draft.change(parent, lambda updated: updated.func.value.with_changes(attr=cst.Name("body")))
        elif name in table and (name != "headers" or lower_case_header(draft, node)):
            draft.change(node, lambda updated: updated.value.with_changes(attr=cst.Name(table[name])))
        else:
            _undecided(draft, node, f"`{text_of(node)}`: {ERROR[owner.part]}")
            return
        draft.changed("errors")
        return
    if name in {"response", "request"}:
        if id(node) in draft.claimed or (isinstance(parent, cst.Attribute) and parent.value is node):
            return
        _undecided(draft, node, f"`{text_of(node)}`: {ERROR[name]}")
    elif name == "message" and owner.name in _BASES:
        draft.change(node, lambda updated: cst.Call(cst.Name("str"), [cst.Arg(updated.value)]))
        draft.changed("errors")
    elif name in _STATUS_ERRORS_ONLY and owner.name in _BASES:
        _undecided(draft, node, f"`{text_of(node)}`: {ERROR[name]}")
    else:
        draft.right("errors")


def lower_case_header(draft: Draft, headers: cst.BaseExpression) -> bool:
    """Have `headers["X-Name"]` and `headers.get("X-Name")` changed to lower case; False if that cannot be done."""
    parent = draft.parent(headers)
    key: cst.BaseExpression | None = None
    if isinstance(parent, cst.Subscript) and parent.value is headers and len(parent.slice) == 1:
        index = parent.slice[0].slice
        key = index.value if isinstance(index, cst.Index) else None
    elif isinstance(parent, cst.Attribute) and parent.attr.value == "get":
        call = draft.parent(parent)
        key = call.args[0].value if isinstance(call, cst.Call) and call.args else None
    elif is_shown(draft, parent) or (isinstance(parent, cst.Attribute) and parent.attr.value in _VIEWS):
        return True
    if not isinstance(key, cst.SimpleString):
        return False
    draft.change(key, lambda updated: updated.with_changes(value=updated.value.lower()))
    return True


def _undecided(draft: Draft, node: cst.CSTNode, text: str) -> None:
    draft.undecided("errors", node, "error-details", text)


def created(draft: Draft, call: cst.Call) -> None:
    """List an error that the application creates."""
    if given_in(call).named.keys() & {"response", "request", "body"}:
        text = f"`{text_of(call.func)}(…)`: errors are created with other arguments here"
        draft.undecided("errors", call, "error-details", text)


def handler(draft: Draft, node: cst.ExceptHandler) -> None:
    """List a handler for errors of requests, which 0.5 raises, around calls of a client, and one of two alike."""
    if node.type is None:
        return
    kinds = [element.value for element in node.type.elements] if isinstance(node.type, cst.Tuple) else [node.type]
    values = [draft.value(kind) for kind in kinds]
    block = draft.parent(node)
    if not isinstance(block, cst.Try | cst.TryStar):
        return
    paths = [value.path for value in values if isinstance(value, Symbol)]
    if any(path.startswith(_OF_REQUESTS) for path in paths) and draft.age != "1.x" and _calls(draft, block.body):
        text = (
            "requests raised these errors in 0.5: here they are `APIStatusError`, with `status_code`, and"
            " `APIConnectionError`"
        )
        draft.undecided("errors", node, "errors-of-requests", text)
    earlier = [
        value.path
        for other in block.handlers[: block.handlers.index(node)]
        if other.type is not None and isinstance(value := draft.value(other.type), Symbol)
    ]
    if "knockapi.KnockError" in paths and "knockapi.APIError" in earlier:
        text = "`APIError` is `KnockError` here, so that this handler is never reached: join it with the one above"
        draft.note(node, "error-details", text)


def _calls(draft: Draft, body: cst.CSTNode) -> bool:
    """Return whether a block calls a method of a client."""
    index = draft.file.index
    return any(
        isinstance(node, cst.Call)
        and isinstance(draft.value(node.func), Member)
        and any(ancestor is body for ancestor in index.ancestors(node))
        for node in index.nodes
    )
