"""The migration of one source."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from ._report import Age, Finding, SourceMigration
from .analysis.inference import Inference, is_resource
from .analysis.shapes import has_models
from .analysis.values import Caught, Client, Data, Member, Symbol
from .rules import calls, clients, errors, raw_responses, requests, responses, strangers
from .rules.draft import Draft
from .rules.imports import Imports
from .rules.names import Names
from .rules.signatures import given_in
from .vendor.names import CLIENTS, HTTP_CLIENTS, THEIRS
from .vendor.old_methods import OLD_METHODS

if TYPE_CHECKING:
    from collections.abc import Collection


def migrate_text(source: str, path: str) -> SourceMigration:
    """Return the migration of one source on its own."""
    try:
        module = cst.parse_module(source)
        file = Inference(module)
    except cst.ParserSyntaxError as error:
        text = f"cannot be parsed: {error.message.partition(chr(10))[0]}; it is left as it is"
        return SourceMigration(source, source, (Finding(path, error.raw_line, "unreadable-files", text),))
    except RecursionError:
        text = "cannot be parsed: it is nested too deeply; it is left as it is"
        return SourceMigration(source, source, (Finding(path, 1, "unreadable-files", text),))
    return migrate_module(path, source, module, file)


def migrate_module(
    path: str,
    source: str,
    module: cst.Module,
    file: Inference,
    *,
    age: Age | None = None,
    exported: Collection[str] = (),
) -> SourceMigration:
    """Return the migration of a module.

    Args:
        path: the file, for findings.
        source: its text.
        module: its tree.
        file: what its expressions are.
        age: the version that the project was written for, for a source that does not tell.
        exported: names that other files import from this one.
    """
    found = _age(file)
    draft = Draft(file, found or age)
    _decide(draft)
    names = Names(draft, exported)
    names.collect()
    Imports(draft, names).decide()
    code = draft.apply(module).code if draft.changes else source
    return SourceMigration(source, code, _findings(path, module, draft), dict(draft.counts), found)


def _decide(draft: Draft) -> None:
    index = draft.file.index
    for node in index.nodes:
        if isinstance(node, cst.Call):
            _call(draft, node)
    for node in index.nodes:
        if id(node) in draft.claimed:
            continue
        if isinstance(node, cst.Attribute):
            _attribute(draft, node)
        elif isinstance(node, cst.Subscript):
            owner = draft.value(node.value)
            if isinstance(owner, Data):
                responses.subscript(draft, node, owner)
        elif isinstance(node, cst.SimpleString):
            strangers.text(draft, node)
        elif isinstance(node, cst.ExceptHandler):
            errors.handler(draft, node)
        if draft.age == "0.5" and isinstance(node, cst.Name | cst.Call | cst.Subscript | cst.Attribute):
            value = draft.value(node)
            if isinstance(value, Data) and not draft.is_changed(node):
                responses.use(draft, node, value)
    for scope in index.scopes.values():
        if isinstance(scope.node, cst.ClassDef):
            strangers.subclass(draft, scope.node)


def _call(draft: Draft, node: cst.Call) -> None:
    function = draft.value(node.func)
    if isinstance(function, Member):
        draft.claim(node.func)
        if function.raw:
            raw_responses.decide(draft, node, function)
        elif function.path in {"with_options", "copy"}:
            clients.copy(draft, node, function)
        elif function.path in {"close"}:
            draft.right("calls")
        elif function.path in calls.SPECIAL:
            requests.decide(draft, node, function)
        else:
            calls.decide(draft, node, function)
    elif isinstance(function, Symbol) and function.path.partition(".")[0] in {THEIRS, "knock_sdk"}:
        name = function.path.rpartition(".")[2]
        created = draft.value(node)
        if isinstance(created, Client):
            clients.create(draft, node, created)
        elif name in HTTP_CLIENTS and function.path.startswith(THEIRS):
            if id(node) not in draft.claimed:
                clients.http_client(draft, node, function.path)
        elif isinstance(created, Caught) and function.path.startswith(THEIRS):
            errors.created(draft, node)
    elif isinstance(node.func, cst.Attribute) and isinstance(owner := draft.value(node.func.value), Data):
        responses.call(draft, node, node.func, owner)
    else:
        strangers.call(draft, node)


def _attribute(draft: Draft, node: cst.Attribute) -> None:
    owner = draft.value(node.value)
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


def _age(file: Inference) -> Age | None:
    """Return the version that a source was written for, from what only one of them has."""
    votes: Counter[Age] = Counter()
    for binding in (each for scope in file.index.scopes.values() for all_ in scope.bindings.values() for each in all_):
        if binding.how == "import" and binding.target.startswith(f"{THEIRS}."):
            name = binding.target.removeprefix(f"{THEIRS}.")
            old = name.startswith(("client.", "resources.User", "resources.Workflows"))
            if name != "Knock":
                votes["0.5" if old else "1.x"] += 1
    for node in file.index.nodes:
        if isinstance(node, cst.Call):
            _vote_of_call(file, node, votes)
        elif isinstance(node, cst.Subscript):
            owner = file.value(node.value)
            if isinstance(owner, Data) and owner.whole and has_models(owner.type):
                votes["0.5"] += 1
        elif isinstance(node, cst.Attribute):
            owner = file.value(node.value)
            if isinstance(owner, Data) and has_models(owner.type) and not hasattr(dict, node.attr.value):
                votes["1.x"] += 1
    if not votes:
        return None
    return "0.5" if votes["0.5"] >= votes["1.x"] else "1.x"


def _vote_of_call(file: Inference, node: cst.Call, votes: Counter[Age]) -> None:
    function = file.value(node.func)
    draft = Draft(file, None)
    if isinstance(function, Member) and (function.path in OLD_METHODS or function.path not in calls.SPECIAL):
        age = "1.x" if function.raw else calls.age_of(draft, node, function)
        if age == "0.5":
            votes["0.5"] += 1
        elif age == "1.x":
            votes["1.x"] += 1
    elif isinstance(function, Symbol) and function.path.rpartition(".")[2] in CLIENTS and function.path.startswith(THEIRS):
        given = given_in(node)
        if given.positional or "host" in given.named:
            votes["0.5"] += 1
        elif given.named.keys() - {"api_key", "timeout"}:
            votes["1.x"] += 1


def _findings(path: str, module: cst.Module, draft: Draft) -> tuple[Finding, ...]:
    if not draft.findings:
        return ()
    positions = MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)
    found = {
        Finding(path, positions[node].start.line, kind, message)  # type: ignore[index]
        for node, kind, message in draft.findings
    }
    return tuple(sorted(found, key=lambda finding: (finding.line, finding.message)))
