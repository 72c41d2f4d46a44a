"""Fields of templates: texts, rendered or not, and settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..._core.type_guards import is_mapping
from .liquid import liquid
from .liquid.rendering import TemplateError

if TYPE_CHECKING:
    from collections.abc import Mapping


def source_of(fields: Mapping[str, Any], name: str, at: str = "") -> str:
    """Return the text of a field as it is, or an empty one.

    Args:
        fields: the fields.
        name: name of the field.
        at: path of the fields for errors, with a dot at its end.

    Raises:
        TemplateError: It is no text.
    """
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        raise TemplateError("must be a text", at + name)
    return value or ""


def text_at(fields: Mapping[str, Any], name: str, context: Mapping[str, Any], at: str = "") -> str:
    """Return the rendered text of a field, or an empty one; see `source_of`.

    Raises:
        TemplateError: It is no text, or cannot be rendered with this context.
    """
    return liquid.render(source_of(fields, name, at), context, at + name)


def settings_of(template: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the settings of a template, or an empty mapping.

    Raises:
        TemplateError: They are no object.
    """
    settings = template.get("settings")
    if settings is not None and not is_mapping(settings):
        raise TemplateError("must be an object", "settings")
    return settings or {}
