"""Calls of methods of a client."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from ...errors._hints import CLIENT
from .._analysis.client_methods import method
from .._analysis.values import Symbol
from .._vendor.old_methods import CALL, OLD_METHODS, SET
from .arguments import items_of_call, with_items
from .old_calls import UndecidedError, rewrite
from .signatures import bound_to, fits_here, given_in, literal, without_key
from .timeouts import simplify

if TYPE_CHECKING:
    from .._analysis.client_methods import Method
    from .._analysis.values import Member
    from .draft import Draft
    from .signatures import Given


def decide(draft: Draft, call: cst.Call, called: Member) -> None:
    """Decide about a call of a method of a resource, or of `notify`."""
    path = called.path
    here, old = method(path), OLD_METHODS.get(path)
    if here is None and old is None:
        advice = CLIENT.get(path, "there is no such method, here or in `knockapi`")
        draft.undecided("calls", call, "arguments", f"`client.{path}`: {advice}")
        return
    given = given_in(call)
    if given.dynamic:
        _dynamic(draft, call, path, here, given)
        return
    rest = without_key(given, path)
    if here is not None and fits_here(rest, here, draft.file) and not _is_old(draft, path, rest):
        by_position = dict(zip(here.positional, given.positional, strict=False))
        texts = _have_texts(draft, {**by_position, **given.named}, here.positional)
        _as_it_is(draft, call, here, given, changed=texts)
        return
    bound = None if old is None else bound_to(given, old)
    if old is None or bound is None:
        known = here or method("" if old is None else old.target)
        text = f"the arguments are not those of `client.{path if known is None else known.path}`{_takes(known)}"
        draft.undecided("calls", call, "arguments", text)
        return
    try:
        target = method(rewrite(draft, call, path, old, bound))
    except UndecidedError as error:
        draft.undecided("calls", call, error.kind, f"`client.{path}`: {error.message}")
        return
    ids = () if target is None else target.positional
    _have_texts(draft, {old.arguments.get(name, name): each for name, each in bound.items()}, ids)
    draft.changed("calls")
    if "options" in bound and old.arguments["options"] == CALL and old.target != "workflows.trigger":
        _tell_of_key(draft, call, path, bound["options"])


def decide_reference(draft: Draft, node: cst.Attribute, member: Member) -> None:
    """Decide about a method that is not called where it stands, but passed on."""
    if method(member.path) is not None:
        draft.right("calls")
        return
    if member.path in CLIENT and member.path not in OLD_METHODS:
        draft.undecided("calls", node, "settings", f"`client.{member.path}`: {CLIENT[member.path]}")
        return
    target = OLD_METHODS[member.path].target if member.path in OLD_METHODS else None
    instead = "" if target is None else f", which is `client.{target}` here"
    text = f"`client.{member.path}`{instead}, is not called where it stands, so its arguments are unknown"
    draft.undecided("calls", node, "dynamic-arguments", text)


def _is_old(draft: Draft, path: str, given: Given) -> bool:
    """Return whether a call that both versions take is one of 0.5: its second argument would be the options."""
    old = OLD_METHODS.get(path)
    if old is None or SET not in old.arguments.values() or draft.age != "0.5":
        return False
    bound = bound_to(given, old)
    return bound is not None and "options" in bound


def _dynamic(draft: Draft, call: cst.Call, path: str, here: Method | None, given: Given) -> None:
    in_both = path in OLD_METHODS
    if here is not None and given.named.keys() <= here.names and (not in_both or draft.age == "1.x"):
        draft.right("calls")
        return
    target = path if here is not None else OLD_METHODS[path].target
    text = f"arguments with * or **: check that they are those of `client.{target}`{_takes(method(target))}"
    draft.undecided("calls", call, "dynamic-arguments", text)


def _takes(known: Method | None) -> str:
    return "" if known is None else f": it takes {', '.join((*known.positional, *sorted(known.keywords)))}"


def _have_texts(draft: Draft, arguments: dict[str, cst.Arg], ids: tuple[str, ...]) -> bool:
    """Have ids that are numbers or UUIDs made texts, as ids are here."""
    numbers = [each for name in ids if (each := arguments.get(name)) is not None and _is_number(draft, each.value)]
    for argument in numbers:
        draft.change(
            argument, lambda updated: updated.with_changes(value=cst.Call(cst.Name("str"), [cst.Arg(updated.value)]))
        )
    return bool(numbers)


def _is_number(draft: Draft, node: cst.BaseExpression) -> bool:
    if isinstance(node, cst.Integer):
        return True
    at = draft.file.index.positions.get(id(node))
    if not isinstance(node, cst.Name) or at is None:
        return False
    annotations = [each.annotation for each in draft.file.index.lookup(node.value, at) or ()]
    named = [each and draft.file.named(each, at) for each in annotations]
    return bool(named) and all(each in {Symbol("builtins.int"), Symbol("uuid.UUID")} for each in named)


def _as_it_is(draft: Draft, call: cst.Call, here: Method, given: Given, *, changed: bool) -> None:
    """Decide about a call whose method and arguments are the same here, apart from options."""
    timeout = given.named.get("timeout")
    if timeout is not None:
        if not simplify(draft, timeout):
            draft.counts["calls"].undecided += 1
            return
        changed = changed or draft.is_changed(timeout.value)
    if "idempotency_key" in given.named and here.path != "workflows.trigger":
        _tell_of_key(draft, call, here.path, given.named["idempotency_key"])
        _drop(draft, call, "idempotency_key")
        changed = True
    changed = _key_from_headers(draft, here, given) or _properties(draft, here, given) or changed
    if changed:
        draft.changed("calls")
    else:
        draft.right("calls")


def _tell_of_key(draft: Draft, call: cst.Call, path: str, argument: cst.Arg) -> None:
    if (
        argument.keyword is not None
        and argument.keyword.value == "options"
        and not isinstance(argument.value, cst.Dict)
    ):
        return
    if isinstance(argument.value, cst.Dict) and not any(
        isinstance(each, cst.DictElement) and literal(each.key) == "idempotency_key" for each in argument.value.elements
    ):
        return
    text = f"the idempotency key of `client.{path}` was dropped: the API has keys for workflows.trigger alone"
    draft.note(call, "idempotency-keys", text)


def _drop(draft: Draft, call: cst.Call, name: str) -> None:
    def change(updated: cst.Call) -> cst.Call:
        return with_items(updated, [item for item in items_of_call(updated) if item.name != name])

    draft.change(call, change)


def _key_from_headers(draft: Draft, here: Method, given: Given) -> bool:
    """Have `extra_headers={"Idempotency-Key": …}` changed to `idempotency_key=…`."""
    argument = given.named.get("extra_headers")
    if here.path != "workflows.trigger" or argument is None or "idempotency_key" in given.named:
        return False
    headers = argument.value
    if not isinstance(headers, cst.Dict) or len(headers.elements) != 1:
        return False
    element = headers.elements[0]
    if not isinstance(element, cst.DictElement) or (literal(element.key) or "").lower() != "idempotency-key":
        return False

    def change(updated: cst.Arg) -> cst.Arg:
        value = cst.ensure_type(cst.ensure_type(updated.value, cst.Dict).elements[0], cst.DictElement).value
        return updated.with_changes(keyword=cst.Name("idempotency_key"), value=value)

    draft.change(argument, change)
    return True


def _properties(draft: Draft, here: Method, given: Given) -> bool:
    """Have custom properties in `extra_body` passed as `properties`."""
    argument = given.named.get("extra_body")
    if "properties" not in here.keywords or "properties" in given.named or argument is None or draft.age != "1.x":
        return False
    if not isinstance(argument.value, cst.Dict) or not argument.value.elements:
        return False
    keys = [literal(each.key) if isinstance(each, cst.DictElement) else None for each in argument.value.elements]
    if any(key is None or key in here.names for key in keys):
        return False
    draft.change(argument, lambda updated: updated.with_changes(keyword=cst.Name("properties")))
    return True
