"""Partials: pieces of templates, rendered with the values that they are given and `vars`, and nothing else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic_core import from_json, to_json

from ...._core.type_guards import is_array, is_object
from ...state.json_objects import object_at
from ...state.names import did_you_mean
from . import markdown
from .rendering import Rendering, TemplateError
from .variables import LOCALE, LOOKUP, NOW

if TYPE_CHECKING:
    from collections.abc import Mapping

    from liquid import Environment

    from ...state.content import Partial
    from ...state.json_objects import JSON
    from .variables import Lookup

STYLES = "$styles"
"""Key of the list of style sheets of partials, in a context; they go into the head of the layout."""

_DEPTH = "$depth"
_DEEPEST = 5
_PASSED_ON = (LOOKUP, LOCALE, NOW, STYLES, "vars")
_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style\s*>", re.DOTALL | re.IGNORECASE)
# Types of fields whose values are not text, with what stands for a value that is missing and has no default.
_TYPED: Mapping[str, Any] = {
    "boolean": False,
    "button": None,
    "image": None,
    "json": None,
    "list": None,
    "multi_select": None,
    "number": None,
}


class Parts(NamedTuple):
    """A partial taken apart: its content, and the style sheets in it."""

    content: str
    styles: tuple[str, ...]


def take_apart(partial: Partial) -> Parts:
    """Return the content of a partial without its style sheets, and these."""
    if partial.type != "html":
        return Parts(partial.content, ())
    return Parts(_STYLE.sub("", partial.content), tuple(_STYLE.findall(partial.content)))


def render(key: str, values: Mapping[str, Any], scope: Mapping[str, Any], environment: Environment) -> str:
    """Return a rendered partial.

    Args:
        key: key of the partial.
        values: the values that it is given.
        scope: the context of the template.
        environment: Liquid.

    Raises:
        TemplateError: It is not declared, is nested too deeply, or cannot be rendered.
    """
    lookup: Lookup | None = scope.get(LOOKUP)
    partial = None if lookup is None else lookup.partial(key)
    if lookup is None or partial is None:
        near = did_you_mean(key, [] if lookup is None else lookup.keys("partials"))
        raise TemplateError(f"no partial {key!r} is declared, with sim.partial() or in partials/{key}/{near}")
    depth = scope.get(_DEPTH, 0) + 1
    if depth > _DEEPEST:
        raise TemplateError(f"the partial {key!r} is nested more than {_DEEPEST} deep")
    inner = {name: scope[name] for name in _PASSED_ON if name in scope}
    own = {**inner, **_values_of(partial, values), _DEPTH: depth}
    parts, at = take_apart(partial), f"partial {key}"
    styles = scope.get(STYLES)
    if styles is not None:
        rendered = [Rendering(environment, own).render(sheet, at) for sheet in parts.styles]
        styles.extend(sheet for sheet in rendered if sheet not in styles)
    content = Rendering(environment, own).render(parts.content, at)
    return markdown.to_html(content) if partial.type == "markdown" else content


def _values_of(partial: Partial, values: Mapping[str, Any]) -> JSON:
    """Return what the names in a partial mean: texts, except those whose field has a type of its own."""
    from liquid import is_undefined

    given = {name: None if is_undefined(value) else value for name, value in values.items()}
    kinds = {field["key"]: field.get("type", "text") for field in partial.fields}
    result = {name: _typed(value, kinds[name]) if name in kinds else _text(value) for name, value in given.items()}
    for field in partial.fields:
        if given.get(field["key"]) is None:
            default = object_at(field, "settings").get("default", field.get("default"))
            result[field["key"]] = _TYPED.get(kinds[field["key"]], "") if default is None else default
    return result


def _typed(value: Any, kind: str) -> Any:
    """Return a value of a field; one that a block gives as a text is read as JSON if the field takes no text."""
    if kind not in _TYPED:
        return _text(value)
    if isinstance(value, str):
        try:
            return from_json(value)
        except ValueError:
            return value
    return value


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or is_object(value) or is_array(value):
        return to_json(value, fallback=str).decode("utf-8")
    return str(value)
