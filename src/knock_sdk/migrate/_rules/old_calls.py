"""Calls of methods of 0.5."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from .._analysis.client_methods import Method, method
from .._analysis.values import Symbol
from .._vendor.old_methods import (
    BULK_SET,
    CALL,
    ENTRY,
    FIELDS,
    QUERY,
    SET,
    STATUS,
    STATUS_METHODS,
    OldMethod,
)
from .arguments import Item, dict_of, items_of_call, items_of_dict, moved, tail_of_dict, with_items
from .chains import renamed
from .signatures import literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .._findings import Kind
    from .draft import Draft


class UndecidedError(Exception):
    """A call cannot be changed."""

    def __init__(self, kind: Kind, message: str) -> None:
        """Store what is listed."""
        super().__init__(message)
        self.kind: Kind = kind
        self.message = message


def rewrite(draft: Draft, call: cst.Call, path: str, old: OldMethod, bound: dict[str, cst.Arg]) -> str:
    """Have a call changed to the method here, and return its path.

    Raises:
        UndecidedError: It cannot be decided; nothing is changed.
    """
    target = old.target
    if STATUS in old.arguments.values():
        target = _by_status(path, target, bound["status"].value)
    here = method(target)
    if here is None:
        raise LookupError(target)
    change = renamed(draft, call.func, target)
    if change is None:
        raise UndecidedError("dynamic-names", f"`{path}` is `client.{target}` here, but its resource is in a variable")
    parameters = {id(argument): name for name, argument in bound.items()}
    order = [parameters[id(argument)] for argument in call.args]
    dicts = frozenset(
        name
        for name, argument in bound.items()
        if isinstance(argument.value, cst.Call) and draft.value(argument.value.func) == Symbol("builtins.dict")
    )
    _Arguments(call, old, here, order, dicts).rewritten()  # raises if something cannot be decided

    def change_call(updated: cst.Call) -> cst.Call:
        return _Arguments(updated, old, here, order, dicts).rewritten()

    draft.change(call.func, change)
    draft.change(call, change_call)
    return target


def _by_status(path: str, target: str, node: cst.BaseExpression) -> str:
    status = literal(node)
    chosen = None if status is None else STATUS_METHODS[path].get(status)
    if chosen is None:
        methods = ", ".join(sorted(set(STATUS_METHODS[path].values())))
        raise UndecidedError("ambiguous-arguments", f"takes any status; here each has a method: {methods}")
    return target.format(status=chosen)


class _Arguments:
    """The arguments of one call: as they were, and as they are here."""

    def __init__(self, call: cst.Call, old: OldMethod, here: Method, order: list[str], dicts: frozenset[str]) -> None:
        self._call = call
        self._old = old
        self._here = here
        self._order = order
        self._dicts = dicts
        """Parameters that are given as calls of `dict`."""
        self._last: cst.Dict | None = None

    def rewritten(self) -> cst.Call:
        """Return the call with the arguments of here."""
        items = list(self._items())
        leading = True
        for number, item in enumerate(items):
            leading = leading and item.positional and item.name in self._here.positional[number : number + 1]
            if leading:
                items[number] = replace(item, name=None)
        if not self._renames_only():
            return with_items(self._call, items, self._last)
        arguments = [
            argument
            if item.name is None or argument.keyword is None
            else argument.with_changes(keyword=cst.Name(item.name))
            for argument, item in zip(self._call.args, items, strict=True)
        ]
        return self._call.with_changes(args=arguments)

    def _renames_only(self) -> bool:
        """Return whether only keywords have other names, so that everything else stays as it is."""
        forms = [self._form(name) for name in self._order]
        count = sum(argument.keyword is None for argument in self._call.args)
        return (
            not self._old.constants
            and not any(form.startswith("{") for form in self._old.arguments.values() if form in forms or form == SET)
            and forms[:count] == list(self._here.positional[:count])
        )

    def _form(self, parameter: str) -> str:
        return self._old.arguments.get(parameter, parameter)

    def _items(self) -> Iterator[Item]:
        """Yield the arguments here, each with its name."""
        given = dict(zip(self._order, items_of_call(self._call), strict=True))
        chosen = SET not in self._old.arguments.values() or bool({"options", "preference_set"} & given.keys())
        for parameter, item in given.items():
            form = self._form(parameter)
            yield from self._here_of(parameter, form, item, given)
            if not chosen and form == self._here.positional[-2]:
                yield Item(cst.SimpleString('"default"'), "id", positional=item.positional, indent=item.indent)
        indent = next((item.indent for item in reversed(given.values())), None)
        for name, source in self._old.constants.items():
            yield Item(cst.parse_expression(source), name, indent=indent)

    def _here_of(self, parameter: str, form: str, item: Item, given: dict[str, Item]) -> Iterator[Item]:
        """Yield what is made of an argument."""
        if form in {FIELDS, QUERY}:
            yield from self._spread(parameter, item, "extra_query" if form == QUERY else "extra_body")
        elif form == SET:
            yield from self._preference_set(parameter, item)
        elif form == CALL:
            yield from self._options(parameter, item)
        elif form == "preferences" and BULK_SET in self._old.arguments.values():
            yield replace(item, name=form, value=self._preference_set_of(given))
        elif parameter == "setting":
            entry = next(each for name, each in given.items() if self._form(name) == ENTRY)
            pair = cst.Dict([cst.DictElement(entry.value, item.value)])
            yield replace(item, name=form, value=pair, positional=False)
        elif form not in {STATUS, ENTRY, BULK_SET}:
            yield replace(item, name=form)

    def _spread(self, parameter: str, item: Item, otherwise: str) -> Iterator[Item]:
        """Yield the keys of a dict as keywords; one that is no literal is passed as it is."""
        elements = self._elements(parameter, item)
        if elements is None:
            if "trigger_data" in self._here.keywords:
                text = "options that are no literal: pass each as a keyword, since the method encodes `trigger_data`"
                raise UndecidedError("ambiguous-arguments", text)
            yield replace(item, name=otherwise, positional=False)
            return
        others: list[Item] = []
        for element in elements:
            name = literal(element.key)
            if name in self._here.keywords and name not in {"properties", "idempotency_key"}:
                yield replace(element, name=name, key=None)
            else:
                others.append(element)
        if others:
            yield self._rest(item, others, otherwise)

    def _rest(self, item: Item, others: list[Item], otherwise: str) -> Item:
        """Return the argument for the keys that are no keywords."""
        if otherwise == "extra_body" and "properties" in self._here.keywords:
            names = {literal(each.key) for each in others}
            if not names & {None, "properties", *self._here.names}:
                otherwise = "properties"
        broken = next((each.indent for each in others if each.indent is not None), None)
        return Item(dict_of(others, broken), otherwise, indent=broken if broken is not None else item.indent)

    def _elements(self, parameter: str, item: Item) -> list[Item] | None:
        """Return the elements of a literal, placed as arguments; None if it is none."""
        node = item.value
        if isinstance(node, cst.Call) and parameter in self._dicts:
            inner = items_of_call(node)
            if any(each.name is None for each in inner):
                return None
            return [replace(each, key=cst.SimpleString(f'"{each.name}"'), name=None) for each in inner]
        if not isinstance(node, cst.Dict):
            return None
        elements = items_of_dict(node)
        if not elements:
            return []
        first, last = elements[0], elements[-1]
        if first.indent is None:
            elements[0] = replace(first, indent=item.indent, above=item.above)
        else:
            elements[0] = replace(first, above=(*item.above, *first.above))
        if item.beside is not None and last.beside is None:
            elements[-1] = replace(elements[-1], beside=item.beside)
        if tail := tail_of_dict(node):
            elements[-1] = replace(elements[-1], above=(*elements[-1].above, *tail))
        if node is self._call.args[-1].value and any(each.indent is not None for each in elements):
            self._last = node
        return [moved(each, item.indent) for each in elements]

    def _preference_set(self, parameter: str, item: Item) -> Iterator[Item]:
        elements = self._elements(parameter, item)
        if elements is None:
            raise UndecidedError("ambiguous-arguments", "options that are no literal: the preference set is `id` here")
        if len(elements) > 1 or any(literal(each.key) != "preference_set" for each in elements):
            raise UndecidedError("arguments", "the only option of preferences is `preference_set`, which is `id` here")
        value = elements[0].value if elements else cst.SimpleString('"default"')
        yield replace(item, value=value, name="id")

    def _preference_set_of(self, given: dict[str, Item]) -> cst.BaseExpression:
        """Return the preferences for many users, with the id of the preference set."""
        preferences = given["preferences"].value
        options = list(self._preference_set("options", given["options"])) if "options" in given else []
        if options and not isinstance(preferences, cst.Dict):
            text = 'the id of the preference set belongs into `preferences` here: `{"id": …}`'
            raise UndecidedError("ambiguous-arguments", text)
        if not options or not isinstance(preferences, cst.Dict):
            return preferences
        added = cst.DictElement(cst.SimpleString('"id"'), options[0].value)
        return preferences.with_changes(elements=[*preferences.elements, added])

    def _options(self, parameter: str, item: Item) -> Iterator[Item]:
        elements = self._elements(parameter, item)
        if elements is None:
            text = "options that are no literal: `idempotency_key` is a keyword here"
            raise UndecidedError("ambiguous-arguments", text)
        for element in elements:
            if literal(element.key) != "idempotency_key":
                text = "the only option of a call is `idempotency_key`, which is a keyword here"
                raise UndecidedError("arguments", text)
            if "idempotency_key" in self._here.keywords:
                yield replace(element, name="idempotency_key", key=None)
