"""Rendering of Liquid: templates one after another in one scope, and what is wrong with one that fails."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from liquid import BoundTemplate, Environment
    from liquid.exceptions import LiquidError

_TRANSLATED = re.compile(r"\{%(-?)\s*t\s*(-?)%\}(.*?)\{%(-?)\s*endt\s*(-?)%\}", re.DOTALL)
_MARKUP = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_LONGEST_SHOWN = 80


class TemplateError(Exception):
    """A template that cannot be rendered.

    Attributes:
        problem: what is wrong.
        field: path of the field of the template, such as `visual_blocks.0.content`, or an empty string.
    """

    def __init__(self, problem: str, field: str = "") -> None:
        """Create an error about a field."""
        super().__init__(f"{field}: {problem}" if field else problem)
        self.problem = problem
        self.field = field


class Rendering:
    """Templates that are rendered one after another: each sees the variables that those before it assigned."""

    def __init__(self, environment: Environment, scope: Mapping[str, Any]) -> None:
        """Begin without assigned variables."""
        from liquid import RenderContext

        self.environment = environment
        self.scope = scope
        self._context = RenderContext(compile_template(environment, ""), globals=scope)

    def render(self, source: str, field: str = "") -> str:
        """Render a template.

        Args:
            source: the template.
            field: path of its field, for errors.

        Raises:
            TemplateError: It cannot be rendered.
        """
        try:
            template = compile_template(self.environment, source)
            buffer = self._context.get_buffer()
            template.render_with_context(self._context, buffer)
            return buffer.getvalue()
        except TemplateError as error:
            # One of a template within this one, whose own field says more.
            raise error if error.field else TemplateError(error.problem, field) from error
        except Exception as error:
            # Whatever a template does wrong ends its step, and nothing else.
            raise TemplateError(describe(error), field) from error


@lru_cache(maxsize=1024)
def compile_template(environment: Environment, source: str) -> BoundTemplate:
    """Return a template that can be rendered.

    The text between `{% t %}` and `{% endt %}` becomes an argument of the tag: it is the key of the translation, with
    the Liquid in it, and so no part of the template.
    """
    return environment.from_string(_TRANSLATED.sub(_to_argument, source) if "endt" in source else source)


def _to_argument(found: re.Match[str]) -> str:
    left, inner_left, text, inner_right, right = found.groups()
    text = text.lstrip() if inner_left else text
    text = text.rstrip() if inner_right else text
    return f"{{%{left} t '{text.encode().hex()}' {right}%}}"


def describe(error: Exception) -> str:
    """Return what an exception says is wrong with a template."""
    from liquid.exceptions import LiquidError

    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, LiquidError):
        return _describe_liquid(error)
    return str(error) if isinstance(error, TemplateError) else f"{type(error).__name__}: {error}"


def _describe_liquid(error: LiquidError) -> str:
    """Return the message of an error, and the output or tag that it is about, unless the template has no other."""
    cause = error.args[0] if error.args else error
    token = error.token
    if token is None or token.start_index < 0:
        return str(cause)
    problem = f"{token.value}: {cause}" if isinstance(cause, TypeError) else str(cause)
    source, at = token.source, token.start_index
    for found in _MARKUP.finditer(source):
        if found.start() <= at < found.end() and found[0] != source.strip():
            text = " ".join(found[0].split())
            return f"{problem}, in {text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + '…'}"
    return problem
