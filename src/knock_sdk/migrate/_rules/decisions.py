"""Which rule decides about which node."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from .._analysis.inference import is_resource
from .._analysis.values import Caught, Client, Data, Member, Symbol
from .._vendor.names import HTTP_CLIENTS, OURS, THEIRS
from . import calls, clients, errors, raw_responses, requests, responses, strangers

if TYPE_CHECKING:
    from .._analysis.values import Value
    from .draft import Draft


def decide(draft: Draft) -> None:
    """Decide about everything in a source but its imports."""
    index = draft.file.index
    for node in index.nodes:
        if isinstance(node, cst.Call):
            _call(draft, node, draft.value(node.func))
    for node in index.nodes:
        if id(node) not in draft.claimed:
            _node(draft, node)
    for annotated in index.annotated:
        responses.annotation(draft, annotated)
    for scope in index.scopes.values():
        if isinstance(scope.node, cst.ClassDef):
            strangers.subclass(draft, scope.node)


def _call(draft: Draft, node: cst.Call, function: Value) -> None:
    if isinstance(function, Member):
        draft.claim(node.func)
        _method(draft, node, function)
    elif isinstance(function, Symbol) and function.path.partition(".")[0] in {THEIRS, OURS}:
        _creation(draft, node, function)
    elif isinstance(node.func, cst.Attribute) and isinstance(owner := draft.value(node.func.value), Data):
        responses.call(draft, node, node.func, owner)
    elif not strangers.call(draft, node) and isinstance(node.func, cst.Attribute) and node.func.attr.value == "get":
        responses.perhaps(draft, node, node.func.value)


def _method(draft: Draft, node: cst.Call, called: Member) -> None:
    if called.raw:
        raw_responses.decide(draft, node, called)
    elif called.path in {"with_options", "copy"}:
        clients.copy(draft, node, called)
    elif called.path in requests.BY_PATH:
        requests.decide(draft, node, called)
    else:
        calls.decide(draft, node, called)


def _creation(draft: Draft, node: cst.Call, function: Symbol) -> None:
    created = draft.value(node)
    is_theirs = function.path.startswith(THEIRS)
    if isinstance(created, Client):
        clients.create(draft, node, created)
    elif is_theirs and function.path.rpartition(".")[2] in HTTP_CLIENTS and id(node) not in draft.claimed:
        clients.http_client(draft, node, function.path)
    elif is_theirs and isinstance(created, Caught):
        errors.created(draft, node)
    elif is_theirs and strangers.on_class(draft, node, function.path):
        pass
    elif created is None:
        strangers.call(draft, node)


def _node(draft: Draft, node: cst.CSTNode) -> None:
    if isinstance(node, cst.Attribute):
        _attribute(draft, node, draft.value(node.value))
    elif isinstance(node, cst.Subscript):
        _subscript(draft, node, draft.value(node.value))
    elif isinstance(node, cst.SimpleString):
        strangers.text(draft, node)
    elif isinstance(node, cst.ExceptHandler):
        errors.handler(draft, node)
    if draft.age == "0.5" and isinstance(node, cst.BaseExpression) and not draft.is_changed(node):
        value = draft.value(node)
        if isinstance(value, Data):
            responses.use(draft, node, value)


def _subscript(draft: Draft, node: cst.Subscript, owner: Value) -> None:
    if isinstance(owner, Data):
        responses.subscript(draft, node, owner)
    elif owner is None:
        responses.perhaps(draft, node, node.value)


def _attribute(draft: Draft, node: cst.Attribute, owner: Value) -> None:
    if isinstance(owner, Data):
        responses.attribute(draft, node, owner)
    elif isinstance(owner, Caught):
        errors.attribute(draft, node, owner)
    elif isinstance(owner, Client | Member):
        value = draft.value(node)
        parent = draft.parent(node)
        is_inner = isinstance(parent, cst.Attribute) and parent.value is node
        if isinstance(value, Member) and not is_inner and not is_resource(value):
            calls.decide_reference(draft, node, value)
