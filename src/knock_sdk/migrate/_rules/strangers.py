"""Places that look like those of a client, but whose client cannot be found."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

from .._analysis.client_methods import method
from .._analysis.values import Client, Member, Symbol
from .._vendor.names import CLIENTS, THEIRS
from .._vendor.old_methods import OLD_METHODS
from .draft import text_of

if TYPE_CHECKING:
    from .draft import Draft

_TEXT = re.compile(rf"{THEIRS}(\.\w+)*")
_COMMON = {"get", "list", "delete", "set", "update", "request", "close", "copy"}
"""Methods that many other libraries have too."""


def call(draft: Draft, node: cst.Call) -> bool:
    """List a call of what looks like a method of a client; return whether it does."""
    function = node.func
    if isinstance(function, cst.Name) and function.value == "getattr" and node.args:
        if isinstance(draft.value(node.args[0].value), Client | Member):
            text = f"`{text_of(node)}`: the name of the method is not written here"
            draft.undecided("calls", node, "dynamic-names", text)
            return True
        return False
    names: list[str] = []
    inner: cst.BaseExpression = function
    while isinstance(inner, cst.Attribute):
        names.insert(0, inner.attr.value)
        inner = inner.value
    path = next((joined for start in range(len(names)) if _known(joined := ".".join(names[start:]))), None)
    if path is None or not _is_stranger(draft, function, len(path.split("."))):
        return False
    owner = ".".join([text_of(inner), *names[: -len(path.split("."))]]).lower()
    if path.rpartition(".")[2] in _COMMON and "knock" not in owner and "client" not in owner:
        return False
    old = OLD_METHODS.get(path)
    advice = f": annotate it as `Knock`, or change the call to `{old.target}`" if old and method(path) is None else ""
    text = f"`{text_of(function)}`: it is not known whether this is a client{advice}"
    draft.undecided("calls", node, "unknown-clients", text)
    return True


def on_class(draft: Draft, node: cst.Call, path: str) -> bool:
    """List a method of a client that is called on its class; return whether it is one."""
    owner, _, rest = path.removeprefix(f"{THEIRS}.").partition(".")
    if owner not in CLIENTS or not rest:
        return False
    text = f"`{text_of(node.func)}`: methods are those of a client, such as `Knock()`, not of its class"
    draft.undecided("calls", node, "arguments", text)
    return True


def _known(path: str) -> bool:
    return ("." in path and (path in OLD_METHODS or method(path) is not None)) or path == "notify"


def _is_stranger(draft: Draft, function: cst.BaseExpression, depth: int) -> bool:
    """Return whether nothing is known about what has the resource, and nothing else is imported there."""
    owner = function
    for _ in range(depth):
        if not isinstance(owner, cst.Attribute):
            return False
        owner = owner.value
    text = text_of(owner).lower()
    value = draft.value(owner)
    if isinstance(value, Symbol):  # a class of clients, or a module
        return value.path.startswith(f"{THEIRS}.")
    return value is None and (depth > 1 or "knock" in text)


def text(draft: Draft, node: cst.SimpleString) -> None:
    """Decide about a text that is the name of the vendor's package, or of something in it."""
    value = node.evaluated_value
    if not isinstance(value, str) or not _TEXT.fullmatch(value):
        return
    parent = draft.parent(node)
    called = draft.parent(parent) if isinstance(parent, cst.Arg) else None
    if value == THEIRS and isinstance(called, cst.Call) and draft.value(called.func) == Symbol("logging.getLogger"):
        draft.change(node, lambda updated: updated.with_changes(value=updated.value.replace(THEIRS, "knock_sdk")))
        draft.changed("imports")
        return
    message = f"the text {value!r} names the vendor's package"
    draft.undecided("imports", node, "names-in-text", message)


def subclass(draft: Draft, node: cst.ClassDef) -> None:
    """List a class that derives from a client."""
    for base in node.bases:
        value = draft.value(base.value)
        if isinstance(value, Symbol) and value.path in {f"{THEIRS}.Knock", f"{THEIRS}.AsyncKnock"}:
            text_ = f"`{node.name.value}` derives from a client: check what it overrides"
            draft.undecided("calls", node, "subclasses", text_)
