"""`with_raw_response` and `with_streaming_response`: here, responses have `response_info`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import libcst as cst

from .._analysis.client_methods import method
from .._analysis.contexts import is_read
from .._analysis.shapes import has_models, is_page
from .._analysis.values import Data, Member, Pending, Raw
from .._vendor.names import RAW_ATTRIBUTES
from .chains import renamed
from .errors import lower_case_header
from .signatures import fits_here, given_in

if TYPE_CHECKING:
    from .._analysis.scopes import Binding
    from .draft import Change, Draft

_MESSAGE = (
    "a raw response: here `response_info` of what the method returns has headers and status, and"
    " `knock_sdk.capture_responses()` has those of calls that return nothing or a list"
)


def decide(draft: Draft, call: cst.Call, called: Member) -> None:
    """Decide about a call through `with_raw_response` or `with_streaming_response`, and all uses of its result."""
    value = draft.value(call)
    raw = value.result if isinstance(value, Pending) else value
    here, given = method(called.path), given_in(call)
    path = renamed(draft, call.func, called.path)
    fits = here is not None and not given.dynamic and fits_here(given, here, draft.file)
    if not isinstance(raw, Raw) or path is None or not fits:
        draft.undecided("calls", call, "raw-responses", _MESSAGE)
        return
    has_info = isinstance(raw.result, Data) and (has_models(raw.result.type) or is_page(raw.result.type))
    node: cst.BaseExpression = call
    parent = draft.parent(call)
    if isinstance(parent, cst.Await):
        node, parent = parent, draft.parent(parent)
    changes: list[tuple[cst.CSTNode, Change]] | None = None
    if isinstance(parent, cst.Attribute) and has_info:
        changes = _use(draft, node, None)
    elif isinstance(parent, cst.Assign):
        changes = _assigned(draft, parent, has_info=has_info)
    elif isinstance(parent, cst.WithItem) and has_info:
        changes = _entered(draft, parent, asynchronous=raw.asynchronous)
    elif isinstance(parent, cst.Expr):
        changes = []
    if changes is None:
        draft.undecided("calls", call, "raw-responses", _MESSAGE)
        return
    draft.change(call.func, path)
    for target, change in changes:
        draft.change(target, change)
    draft.changed("calls")


def _assigned(draft: Draft, statement: cst.Assign, *, has_info: bool) -> list[tuple[cst.CSTNode, Change]] | None:
    """Return the changes for `response = client.users.with_raw_response.get(…)`."""
    line = draft.parent(statement)
    target = statement.targets[0].target
    if len(statement.targets) != 1 or not isinstance(target, cst.Name) or not isinstance(line, cst.SimpleStatementLine):
        return None
    captured = None if has_info else f"{target.value}_calls"
    changes = _uses(draft, target.value, statement.value, captured)
    if changes is None or captured is None:
        return changes
    if len(line.body) > 1:
        return None
    value = draft.value(statement.value)
    returns_nothing = isinstance(value, Raw) and not isinstance(value.result, Data)

    def capture(updated: cst.SimpleStatementLine) -> cst.With:
        inner = updated.with_changes(leading_lines=[])
        if returns_nothing:
            assigned = cst.ensure_type(updated.body[0], cst.Assign)
            inner = inner.with_changes(body=[cst.Expr(assigned.value)])
        item = cst.WithItem(
            cst.parse_expression("capture_responses()"),
            cst.AsName(cst.Name(captured), whitespace_before_as=cst.SimpleWhitespace(" ")),
        )
        return cst.With([item], cst.IndentedBlock([inner]), leading_lines=updated.leading_lines)

    draft.needed.add("knock_sdk.capture_responses")
    return [*changes, (line, capture)]


def _entered(draft: Draft, item: cst.WithItem, *, asynchronous: bool) -> list[tuple[cst.CSTNode, Change]] | None:
    """Return the changes for `with client.users.with_streaming_response.get(…) as response:`."""
    statement = draft.parent(item)
    if not isinstance(statement, cst.With) or len(statement.items) != 1 or item.asname is None:
        return None
    name = item.asname.name
    if not isinstance(name, cst.Name) or not isinstance(statement.body, cst.IndentedBlock):
        return None
    changes = _uses(draft, name.value, item.item, None)
    if changes is None:
        return None

    def flatten(updated: cst.With) -> Any:
        value = updated.items[0].item
        value = cst.Await(value) if asynchronous else value
        assigned = cst.Assign([cst.AssignTarget(name)], value)
        line = cst.SimpleStatementLine([assigned], leading_lines=updated.leading_lines)
        return cst.FlattenSentinel([line, *updated.body.body])

    return [*changes, (statement, flatten)]


def _uses(draft: Draft, name: str, value: cst.CSTNode, captured: str | None) -> list[tuple[cst.CSTNode, Change]] | None:
    """Return the changes of all uses of a variable; None if one cannot be changed."""
    index = draft.file.index
    changes: list[tuple[cst.CSTNode, Change]] = []
    for node in index.nodes:
        at = index.positions[id(node)]
        if not isinstance(node, cst.Name) or node.value != name or not is_read(node, index.parents):
            continue
        bindings: list[Binding] = index.lookup(name, at) or []
        if not any(each.node is value for each in bindings):
            continue
        found = _use(draft, node, captured) if len(bindings) == 1 else None
        if found is None:
            return None
        changes += found
    return changes


def _use(draft: Draft, node: cst.BaseExpression, captured: str | None) -> list[tuple[cst.CSTNode, Change]] | None:
    """Return the changes of one use of a raw response; None if it cannot be changed."""
    attribute = draft.parent(node)
    if not isinstance(attribute, cst.Attribute) or attribute.value is not node:
        return None
    name = attribute.attr.value
    call = draft.parent(attribute)
    if name in {"parse", "json"}:
        if not isinstance(call, cst.Call) or call.func is not attribute or call.args:
            return None
        if name == "json" and captured is not None:
            return None
        awaited = draft.parent(call)
        outer = awaited if isinstance(awaited, cst.Await) else call
        return [(outer, _json if name == "json" else _parsed)]
    here = RAW_ATTRIBUTES.get(name)
    if here is None or (name == "headers" and not lower_case_header(draft, attribute)):
        return None

    def change(updated: cst.Attribute) -> cst.Attribute:
        if captured is not None:
            owner: cst.BaseExpression = cst.parse_expression(f"{captured}[-1]")
        else:
            owner = cst.Attribute(updated.value, cst.Name("response_info"))
        return updated.with_changes(value=owner, attr=cst.Name(here))

    return [(attribute, change)]


def _parsed(updated: Any) -> cst.BaseExpression:
    call = updated.expression if isinstance(updated, cst.Await) else updated
    return cst.ensure_type(cst.ensure_type(call, cst.Call).func, cst.Attribute).value


def _json(updated: Any) -> cst.BaseExpression:
    mode = cst.Arg(
        cst.SimpleString('"json"'),
        keyword=cst.Name("mode"),
        equal=cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace("")),
    )
    return cst.Call(cst.Attribute(_parsed(updated), cst.Name("model_dump")), [mode])
