"""Calls of methods of a client."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from ..analysis.client_methods import OPTIONS, method
from ..analysis.values import Client, Member
from ..vendor.old_methods import OLD_METHODS, SET
from .arguments import items_of_call, with_items
from .old_calls import UndecidedError, rewrite
from .signatures import bound_to, fits_here, given_in, is_dict, literal
from .timeouts import simplify

if TYPE_CHECKING:
    from ..analysis.client_methods import Method
    from .draft import Draft
    from .signatures import Given

SPECIAL = frozenset({"with_options", "copy", "get", "post", "put", "delete", "patch", "request", "close", "get_api_list"})
"""Methods of the client itself, which other rules decide about."""


def decide(draft: Draft, call: cst.Call, called: Member) -> None:
    """Decide about a call of a method of a resource, or of `notify`."""
    path = called.path
    here, old = method(path), OLD_METHODS.get(path)
    if here is None and old is None:
        draft.undecided("calls", call, "arguments", f"there is no `client.{path}`, here or in `knockapi`")
        return
    given = given_in(call)
    if given.dynamic:
        _dynamic(draft, call, path, here, given)
        return
    rest = _without_vendors_keywords(given, path)
    if here is not None and fits_here(rest, here, draft.file) and not _is_old(draft, path, rest):
        _as_it_is(draft, call, here, given)
        return
    bound = None if old is None else bound_to(given, old)
    if old is None or bound is None:
        known = here or method(old.target if old is not None else "")
        takes = "" if known is None else f": it takes {', '.join((*known.positional, *sorted(known.keywords)))}"
        target = path if known is None else known.path
        text = f"the arguments are not those of `client.{target}`{takes}"
        draft.undecided("calls", call, "arguments", text)
        return
    try:
        rewrite(draft, call, path, old, bound)
    except UndecidedError as error:
        draft.undecided("calls", call, error.kind, f"`client.{path}`: {error.message}")
        return
    draft.changed("calls")
    if "options" in bound and old.target != "workflows.trigger":
        _tell_of_key(draft, call, path, bound["options"])


def decide_reference(draft: Draft, node: cst.Attribute, member: Member) -> None:
    """Decide about a method that is not called where it stands, but passed on."""
    if method(member.path) is not None:
        draft.right("calls")
        return
    target = OLD_METHODS[member.path].target if member.path in OLD_METHODS else None
    instead = "" if target is None else f", which is `client.{target}` here"
    text = f"`client.{member.path}`{instead}, is not called where it stands, so its arguments are unknown"
    draft.undecided("calls", node, "dynamic-arguments", text)


def age_of(draft: Draft, call: cst.Call, called: Member) -> str | None:
    """Return the version whose method alone takes the arguments of a call; None if that cannot be told."""
    here, old = method(called.path), OLD_METHODS.get(called.path)
    given = given_in(call)
    if given.dynamic:
        return None if here is not None and old is not None else "1.x" if here is not None else "0.5"
    rest = _without_vendors_keywords(given, called.path)
    fits = here is not None and fits_here(rest, here, draft.file)
    fits_old = old is not None and bound_to(given, old) is not None
    if fits == fits_old:
        return None
    return "1.x" if fits else "0.5"


def _is_old(draft: Draft, path: str, given: Given) -> bool:
    """Return whether a call that both versions take is one of 0.5: its second argument would be the options."""
    old = OLD_METHODS.get(path)
    if old is None or SET not in old.arguments.values() or draft.age != "0.5":
        return False
    bound = bound_to(given, old)
    return bound is not None and "options" in bound


def _without_vendors_keywords(given: Given, path: str) -> Given:
    """Return the arguments without a key that the API ignores."""
    if path == "workflows.trigger":
        return given
    return given._replace(named={name: each for name, each in given.named.items() if name != "idempotency_key"})


def _dynamic(draft: Draft, call: cst.Call, path: str, here: Method | None, given: Given) -> None:
    in_both = path in OLD_METHODS
    if here is not None and given.named.keys() <= here.names and (not in_both or draft.age == "1.x"):
        draft.right("calls")
        return
    target = path if here is not None else OLD_METHODS[path].target
    known = method(target)
    takes = "" if known is None else f": it takes {', '.join((*known.positional, *sorted(known.keywords)))}"
    text = f"arguments with * or **: check that they are those of `client.{target}`{takes}"
    draft.undecided("calls", call, "dynamic-arguments", text)


def _as_it_is(draft: Draft, call: cst.Call, here: Method, given: Given) -> None:
    """Decide about a call whose method and arguments are the same here, apart from options."""
    changed = False
    timeout = given.named.get("timeout")
    if timeout is not None:
        if not simplify(draft, timeout):
            draft.counts["calls"].undecided += 1
            return
        changed = draft.is_changed(timeout.value)
    if "idempotency_key" in given.named and here.path != "workflows.trigger":
        _tell_of_key(draft, call, here.path, given.named["idempotency_key"])
        _drop(draft, call, "idempotency_key")
        changed = True
    changed = _key_from_headers(draft, call, here, given) or _properties(draft, here, given) or changed
    if changed:
        draft.changed("calls")
    else:
        draft.right("calls")


def _tell_of_key(draft: Draft, call: cst.Call, path: str, argument: cst.Arg) -> None:
    if argument.keyword is not None and argument.keyword.value == "options" and not isinstance(argument.value, cst.Dict):
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


def _key_from_headers(draft: Draft, call: cst.Call, here: Method, given: Given) -> bool:
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


__all__ = ["OPTIONS", "SPECIAL", "Client", "age_of", "decide", "decide_reference", "is_dict"]
