"""Settings of function steps that are written in Liquid: rendering them as text and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...._core.type_guards import is_mapping, is_object
from ...expressions.liquid import liquid
from ...state.arguments import is_list
from ...state.json_text import parse_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...state.json_objects import JSON


class StepError(Exception):
    """A step that has failed for good; its run ends."""


def render_text(source: str, values: Mapping[str, Any], *, strict: bool = False) -> str:
    """Render a text; one without Liquid is returned as it is.

    Raises:
        TemplateError: It cannot be rendered with these values.
    """
    return liquid.render(source, values, strict=strict)


def render_object(
    source: Mapping[str, object] | str, values: Mapping[str, Any], field: str, *, strict: bool = False
) -> JSON:
    """Render a setting that is an object: one with texts in Liquid, or Liquid that renders to JSON.

    Args:
        source: the setting.
        values: the values of the variables.
        field: name of the setting, for errors.
        strict: whether a missing variable is an error.

    Raises:
        TemplateError: It cannot be rendered with these values.
        StepError: The text is not a JSON object once it is rendered.
    """
    if not isinstance(source, str):
        return {str(name): _render(value, values, strict=strict) for name, value in source.items()}
    parsed = render_json(source, values, field, strict=strict)
    if not is_object(parsed):
        raise StepError(f"{field} renders to {type(parsed).__name__}, not to a JSON object")
    return parsed


def render_json(source: str, values: Mapping[str, Any], field: str, *, strict: bool = False) -> Any:
    """Render Liquid that renders to JSON.

    Raises:
        TemplateError: It cannot be rendered with these values.
        StepError: The text is not JSON once it is rendered.
    """
    text = render_text(source, values, strict=strict)
    try:
        return parse_json(text)
    except ValueError as error:
        raise StepError(f"{field} does not render to JSON: {error}") from None


def _render(value: object, values: Mapping[str, Any], *, strict: bool) -> Any:
    if isinstance(value, str):
        return render_text(value, values, strict=strict)
    if is_mapping(value):
        return {str(name): _render(inner, values, strict=strict) for name, inner in value.items()}
    return [_render(inner, values, strict=strict) for inner in value] if is_list(value) else value
