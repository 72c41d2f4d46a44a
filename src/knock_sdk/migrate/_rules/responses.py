"""What is done with responses: dictionaries of 0.5, and the methods and pages of 1.x."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import libcst as cst

from .._analysis.contexts import is_read
from .._analysis.shapes import field_of, has_models, is_page, is_time
from .._analysis.values import Data, Nothing, Symbol
from .._vendor.names import MODEL_ATTRIBUTES, PAGE_ATTRIBUTES
from .arguments import items_of_call, with_items
from .draft import text_of
from .harmless import is_shown
from .signatures import literal

if TYPE_CHECKING:
    from .._analysis.shapes import Field
    from .draft import Draft

_DICT_METHODS = {"items", "keys", "values", "update", "pop", "popitem", "copy", "setdefault", "clear"}
_DUMP = '`.model_dump(mode="json")` returns it as plain data'


def perhaps(draft: Draft, node: cst.Subscript | cst.Call, owner: cst.BaseExpression) -> None:
    """List `name["key"]` and `name.get("key")`, where the name is a response of a client or something else."""
    index = draft.file.index
    at = index.positions.get(id(owner))
    if not isinstance(owner, cst.Name) or at is None:
        return
    values = [draft.file.bound(binding) for binding in index.lookup(owner.value, at) or ()]
    if any(isinstance(value, Data) and has_models(value.type) for value in values):
        text = f"`{text_of(node)}`: this is a response in some cases, which has attributes here; {_DUMP}"
        draft.undecided("responses", node, "dictionary-responses", text)


def subscript(draft: Draft, node: cst.Subscript, owner: Data) -> None:
    """Decide about `response["key"]`: an attribute here."""
    if not (has_models(owner.type) or is_page(owner.type)) or len(node.slice) != 1:
        return
    index = node.slice[0].slice
    key = literal(index.value) if isinstance(index, cst.Index) else None
    if key is None:
        if is_page(owner.type):  # pages have numbers
            return
        text = f"`{text_of(node)}`: a response has attributes here, and the key is no literal; {_DUMP}"
        draft.undecided("responses", node, "dictionary-responses", text)
        return
    field = field_of(owner.type, key)
    if not _readable(draft, node, owner, key, field):
        return
    found = cast("Field", field)

    def change(updated: cst.Subscript) -> cst.BaseExpression:
        if found.where == "properties":
            return updated.with_changes(value=cst.Attribute(updated.value, cst.Name("properties")))
        return cst.Attribute(updated.value, cst.Name(found.attribute), lpar=updated.lpar, rpar=updated.rpar)

    draft.change(node, change)
    draft.changed("responses")


def _readable(draft: Draft, node: cst.CSTNode, owner: Data, key: str, field: Field | None) -> bool:
    """Return whether a field can be read as an attribute; list it otherwise."""
    name = getattr(owner.type, "__name__", "response")
    problem = None
    kind: Any = "dictionary-responses"
    parent = draft.parent(node)
    if isinstance(parent, cst.AssignTarget | cst.AugAssign | cst.Del) and getattr(parent, "target", node) is node:
        problem = f"`{text_of(node)}` is changed: a response is no dict here; {_DUMP}"
    elif field is None:
        problem = f"`{text_of(node)}`: `{name}` has no field {key!r}; {_DUMP}"
    elif is_time(field.type):
        kind = "times"
        problem = f"`{text_of(node)}` was text, and `.{field.attribute}` is a `datetime` here"
    if problem is not None:
        draft.undecided("responses", node, kind, problem)
    return problem is None


def attribute(draft: Draft, node: cst.Attribute, owner: Data) -> None:
    """Decide about `response.name`, where it is no call."""
    name = node.attr.value
    known = PAGE_ATTRIBUTES if is_page(owner.type) else MODEL_ATTRIBUTES
    here = known.get(name) if is_page(owner.type) or has_models(owner.type) else None
    if here is not None:
        draft.change(node.attr, lambda updated: updated.with_changes(value=here))
        draft.changed("responses")
    elif has_models(owner.type) or is_page(owner.type):
        draft.right("responses")


def call(draft: Draft, node: cst.Call, function: cst.Attribute, owner: Data) -> None:
    """Decide about `response.name(…)`."""
    name = function.attr.value
    draft.claim(function)
    if name in {"to_dict", "to_json"}:
        _dump(draft, node, function)
    elif name in {"dict", "json"}:
        draft.undecided("responses", node, "dictionary-responses", f"`.{name}()`: {_DUMP}")
    elif is_page(owner.type) and name == "iter_pages":
        draft.change(function.attr, lambda updated: updated.with_changes(value="pages"))
        draft.changed("responses")
    elif is_page(owner.type) and name == "next_page_info":
        _next_page(draft, node)
    elif name == "get" and node.args and (has_models(owner.type) or is_page(owner.type)):
        _get(draft, node, function, owner)
    elif name in _DICT_METHODS and (has_models(owner.type) or (is_page(owner.type) and draft.age == "0.5")):
        text = f"`{text_of(function)}()`: a response is no dict here; {_DUMP}"
        draft.undecided("responses", node, "dictionary-responses", text)
    elif has_models(owner.type) or is_page(owner.type):
        draft.right("responses")


def _next_page(draft: Draft, node: cst.Call) -> None:
    """Have `page.next_page_info()` changed to the cursor, unless its parameters are read."""
    parent = draft.parent(node)
    target: cst.CSTNode | None = parent.target if isinstance(parent, cst.NamedExpr) else None
    target = parent.targets[0].target if isinstance(parent, cst.Assign) else target
    name = target.value if isinstance(target, cst.Name) else None
    index = draft.file.index
    reads = [
        each
        for each in index.nodes
        if isinstance(each, cst.Attribute) and isinstance(each.value, cst.Name) and each.value.value == name
    ]
    if isinstance(parent, cst.Attribute) or reads:
        text = "`next_page_info()`: use `next_cursor`, which is passed as `after=`"
        draft.undecided("responses", node, "names-without-counterpart", text)
        return
    draft.change(node, lambda updated: updated.func.with_changes(attr=cst.Name("next_cursor")))
    draft.changed("responses")


def _dump(draft: Draft, node: cst.Call, function: cst.Attribute) -> None:
    """Have `to_dict` and `to_json` changed: fields that were not in the response are left out of dumps here too."""
    names = {each.keyword.value: each.value for each in node.args if each.keyword is not None}
    kept = {"mode", "exclude_none", "exclude_defaults", "indent", "use_api_names"}
    dropped = {"exclude_unset", "warnings"}
    is_json = function.attr.value == "to_json"
    unset = names.get("exclude_unset")
    if len(names) < len(node.args) or names.keys() - kept - dropped or (unset is not None and not _is(unset, "True")):
        text = f"`{text_of(node)}`: use `.model_dump{'_json' if is_json else ''}(…)`"
        draft.undecided("responses", node, "dictionary-responses", text)
        return

    def change(updated: cst.Call) -> cst.Call:
        items = [
            replace(item, name="by_alias" if item.name == "use_api_names" else item.name)
            for item in items_of_call(updated)
            if item.name not in dropped
            and not (item.name == "use_api_names" and _is(item.value, "True"))
            and not (item.name == "indent" and _is(item.value, "None"))
        ]
        if is_json and "indent" not in names:
            indent = cst.Arg(cst.Integer("2"), keyword=cst.Name("indent"))
            items = [*items_of_call(cst.Call(cst.Name("_"), [indent])), *items]
        return with_items(updated, items)

    draft.change(
        function.attr, lambda updated: updated.with_changes(value="model_dump_json" if is_json else "model_dump")
    )
    draft.change(node, change)
    draft.changed("responses")


def _get(draft: Draft, node: cst.Call, function: cst.Attribute, owner: Data) -> None:
    """Have `response.get("key")` changed to an attribute, which is None if the response did not have the field."""
    key = literal(node.args[0].value)
    if key is None or len(node.args) > 2 or any(each.keyword is not None or each.star for each in node.args):
        text = f"`{text_of(node)}`: a response has attributes here; {_DUMP}"
        draft.undecided("responses", node, "dictionary-responses", text)
        return
    field = field_of(owner.type, key)
    if not _readable(draft, node, owner, key, field):
        return
    found = cast("Field", field)
    default = node.args[1].value if len(node.args) == 2 else None
    if found.where == "properties":
        draft.change(
            function, lambda updated: updated.with_changes(value=cst.Attribute(updated.value, cst.Name("properties")))
        )
    elif default is not None and draft.value(default) != Nothing() and not is_page(owner.type):
        text = f"`{text_of(node)}`: `.{found.attribute}` is None where the response has no value, so say what then"
        draft.undecided("responses", node, "dictionary-responses", text)
        return
    else:
        draft.change(
            node,
            lambda updated: cst.Attribute(
                updated.func.value, cst.Name(found.attribute), lpar=updated.lpar, rpar=updated.rpar
            ),
        )
    draft.changed("responses")


def annotation(draft: Draft, node: cst.AnnAssign) -> None:
    """Have `user: dict = client.users.get(…)` annotated with the model that is returned."""
    value = None if node.value is None else draft.value(node.value)
    noted = node.annotation.annotation
    named = noted.value if isinstance(noted, cst.Subscript) else noted
    if not isinstance(value, Data) or draft.value(named) not in {Symbol("builtins.dict"), Symbol("typing.Dict")}:
        return
    model = value.type
    if not isinstance(model, type) or not has_models(model):
        return
    bindings = draft.file.index.module.bindings.get(model.__name__, [])
    if all(each.how == "import" and each.target.endswith(f".types.{model.__name__}") for each in bindings):
        draft.replace(noted, model.__name__)
        draft.needed.add(f"knock_sdk.types.{model.__name__}")
        draft.changed("responses")
    else:
        text = f"this is a `knock_sdk.types.{model.__name__}` here, not a dict"
        draft.undecided("responses", node, "dictionary-responses", text)


def use(draft: Draft, node: cst.BaseExpression, owner: Data) -> None:
    """List a response of 0.5 that goes where a dict may be expected."""
    if not (has_models(owner.type) or is_page(owner.type)) or not is_read(node, draft.file.index.parents):
        return
    parent = draft.parent(node)
    problem = None
    if isinstance(parent, cst.Arg):
        called = draft.parent(parent)
        if not isinstance(called, cst.Call) or is_shown(draft, parent):
            return
        problem = f"is passed to `{text_of(called.func)}`"
    elif isinstance(parent, cst.Return | cst.Yield):
        problem = "is returned"
    elif isinstance(parent, cst.ComparisonTarget) and isinstance(parent.operator, cst.In | cst.NotIn):
        problem = "is searched for a key"
    elif isinstance(parent, cst.Comparison | cst.ComparisonTarget) and _is_equation(draft, parent):
        problem = "is compared"
    elif isinstance(parent, cst.DictElement | cst.Element | cst.StarredDictElement):
        problem = "is stored"
    elif isinstance(parent, cst.For) and not is_page(owner.type) and parent.iter is node:
        problem = "is iterated over"
    if problem is not None:
        text = f"a response {problem}: it was a dict, and is a model here; {_DUMP}"
        draft.undecided("responses", node, "dictionary-responses", text)


def _is_equation(draft: Draft, node: cst.Comparison | cst.ComparisonTarget) -> bool:
    """Return whether a comparison is one with `==` or `!=`."""
    whole = draft.parent(node) if isinstance(node, cst.ComparisonTarget) else node
    targets = whole.comparisons if isinstance(whole, cst.Comparison) else ()
    return any(isinstance(each.operator, cst.Equal | cst.NotEqual) for each in targets)


def _is(node: cst.BaseExpression, name: str) -> bool:
    return isinstance(node, cst.Name) and node.value == name
