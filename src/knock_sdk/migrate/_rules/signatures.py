"""Which version's method the arguments of a call fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from .._analysis.values import Symbol

if TYPE_CHECKING:
    from .._analysis.client_methods import Method
    from .._analysis.inference import Inference
    from .._vendor.old_methods import OldMethod


class Given(NamedTuple):
    """The arguments of a call."""

    positional: tuple[cst.Arg, ...]
    named: dict[str, cst.Arg]
    dynamic: bool
    """Whether there are `*` or `**` arguments."""


def given_in(call: cst.Call) -> Given:
    """Return the arguments of a call."""
    return Given(
        tuple(each for each in call.args if each.keyword is None and not each.star),
        {each.keyword.value: each for each in call.args if each.keyword is not None},
        any(each.star for each in call.args),
    )


def without_key(given: Given, path: str) -> Given:
    """Return the arguments without an idempotency key, where the API ignores it."""
    if path == "workflows.trigger":
        return given
    return given._replace(named={name: each for name, each in given.named.items() if name != "idempotency_key"})


def fits_here(given: Given, method: Method, file: Inference) -> bool:
    """Return whether a method of this package, and of 1.x, takes these arguments."""
    if len(given.positional) > len(method.positional):
        return False
    by_position = set(method.positional[: len(given.positional)])
    if any(is_dict(argument.value, file) for argument in given.positional):  # 0.5's options; ids are text
        return False
    names = given.named.keys()
    return not by_position & names and names <= method.names and method.required <= by_position | names


def bound_to(given: Given, old: OldMethod) -> dict[str, cst.Arg] | None:
    """Return the arguments by the parameters of a method of 0.5; None if it does not take them."""
    spellings = {
        name: parameter.partition("|")[0].rstrip("=")
        for parameter in old.parameters
        for name in parameter.rstrip("=").split("|")
    }
    parameters = [parameter.partition("|")[0].rstrip("=") for parameter in old.parameters]
    if len(given.positional) > len(parameters) or not given.named.keys() <= spellings.keys():
        return None
    found = dict(zip(parameters, given.positional, strict=False))
    for name, argument in given.named.items():
        if spellings[name] in found:
            return None
        found[spellings[name]] = argument
    required = {name for name, written in zip(parameters, old.parameters, strict=True) if not written.endswith("=")}
    return found if required <= found.keys() else None


def is_dict(node: cst.BaseExpression, file: Inference) -> bool:
    """Return whether an expression is a dict: a literal, a call of `dict`, or a name for one."""
    if isinstance(node, cst.Dict | cst.DictComp):
        return True
    if isinstance(node, cst.Call):
        return file.value(node.func) == Symbol("builtins.dict")
    at = file.index.positions.get(id(node))
    if isinstance(node, cst.Name) and at is not None:
        bindings = file.index.lookup(node.value, at) or []
        values = [each.node for each in bindings if each.how == "value"]
        return bool(values) and len(values) == len(bindings) and all(isinstance(each, cst.Dict) for each in values)
    return False


def literal(node: cst.BaseExpression | None) -> str | None:
    """Return the text of a literal; None if it is none."""
    if isinstance(node, cst.SimpleString | cst.ConcatenatedString) and isinstance(node.evaluated_value, str):
        return node.evaluated_value
    return None
