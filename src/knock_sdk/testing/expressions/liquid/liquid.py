"""Liquid templates, rendered by python-liquid with the tags and filters of Knock."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ...._core.type_guards import is_mapping
from ...state.arguments import is_list
from ...state.names import did_you_mean
from . import rendering
from .rendering import Rendering, compile_template
from .variables import NOW

if TYPE_CHECKING:
    from collections.abc import Mapping

    from liquid import Environment

__all__ = ["NOW", "TemplateError", "check", "check_if_template", "is_template", "render"]

TemplateError = rendering.TemplateError

_MISSING = "templates need python-liquid: pip install 'knock-sdk[simulator]'"
# Limits, so that no template goes on forever: far more than any message needs.
_MOST_LOOPS = 100_000
_MOST_OUTPUT = 10_000_000


def render(source: str, context: Mapping[str, Any], field: str = "", *, strict: bool = False) -> str:
    """Render a template.

    Args:
        source: the template.
        context: the values of its variables.
        field: path of its field, for errors.
        strict: whether a variable that is missing is an error, unless the filter `default` or a condition asks for it;
            it is empty otherwise.

    Raises:
        TemplateError: It cannot be rendered with this context.
        ImportError: python-liquid is not installed.
    """
    return begin(context, strict=strict).render(source, field) if is_template(source) else source


def render_texts(value: Any, context: Mapping[str, Any], field: str) -> Any:
    """Render the texts in a JSON value, as `render` does."""
    if isinstance(value, str):
        return render(value, context, field)
    if is_mapping(value):
        return {name: render_texts(inner, context, f"{field}.{name}") for name, inner in value.items()}
    if is_list(value):
        return [render_texts(inner, context, f"{field}.{index}") for index, inner in enumerate(value)]
    return value


def check_texts(value: object, at: str) -> None:
    """Check the texts in a JSON value that contain Liquid, as `check` does."""
    if isinstance(value, str):
        check_if_template(value, at)
    elif is_mapping(value):
        for name, inner in value.items():
            check_texts(inner, f"{at}.{name}")
    elif is_list(value):
        for index, inner in enumerate(value):
            check_texts(inner, f"{at}.{index}")


def begin(context: Mapping[str, Any], *, strict: bool = False) -> Rendering:
    """Return the rendering of templates in one scope."""
    return Rendering(load_environment(strict=strict), context)


def check(source: str, at: str) -> None:
    """Check that a declared template is valid.

    Raises:
        ValueError: It is not valid Liquid, or uses a tag or filter that Knock does not have; the message begins with
            `at`.
        ImportError: python-liquid is not installed.
    """
    environment = load_environment()
    try:
        template = compile_template(environment, source)
        unknown = template.analyze(include_partials=False).filters.keys() - environment.filters.keys()
    except Exception as error:  # noqa: BLE001 (whatever python-liquid makes of it, it is the author's to mend)
        raise ValueError(f"{at}: {rendering.describe(error)}") from None
    for name in sorted(unknown):
        raise ValueError(f"{at}: unknown Liquid filter: {name}{did_you_mean(name, environment.filters)}")


def check_if_template(text: str, at: str) -> None:
    """Check a text if it contains Liquid, so that other texts do not require python-liquid."""
    if is_template(text):
        check(text, at)


def is_template(text: str) -> bool:
    """Return whether a text contains Liquid."""
    return "{{" in text or "{%" in text


@lru_cache(maxsize=2)
def load_environment(*, strict: bool = False) -> Environment:
    """Return Liquid with Knock's tags and filters, for which a missing variable is an error or empty.

    Raises:
        ImportError: python-liquid is not installed.
    """
    try:
        from liquid import Environment, FalsyStrictUndefined, Undefined
    except ImportError as error:
        raise ImportError(_MISSING) from error
    from . import blank, entity_filters, filters, locale_filters, tags

    class LimitedEnvironment(Environment):
        loop_iteration_limit = _MOST_LOOPS
        output_stream_limit = _MOST_OUTPUT
        local_namespace_limit = _MOST_OUTPUT

    environment = LimitedEnvironment(undefined=FalsyStrictUndefined if strict else Undefined)
    for module in (filters, locale_filters, entity_filters):
        environment.filters.update(module.FILTERS)
    for tag in (*tags.TAGS, blank.BlankIfTag, blank.BlankUnlessTag):
        environment.add_tag(tag)
    return environment
