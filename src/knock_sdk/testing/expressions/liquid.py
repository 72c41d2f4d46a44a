"""Liquid templates with Knock's additional filters, rendered by python-liquid."""

from __future__ import annotations

import hmac
from functools import lru_cache
from hashlib import md5, sha256
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pydantic_core import to_json

from ..._core.type_guards import is_array
from ..state.clock import parse_moment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from liquid import BoundTemplate, Environment, RenderContext

NOW = "$now"
"""Key of the simulated time in a context, for the filter `date`; templates cannot use it as a variable."""

_MISSING = "templates need python-liquid: pip install 'knock-sdk[simulator]'"


class TemplateError(Exception):
    """A valid template that cannot be rendered with the values of its context."""


def check(source: str, at: str) -> None:
    """Check that a declared template is valid.

    Raises:
        ValueError: It is not valid Liquid, or uses a filter that Knock does not have; the message begins with `at`.
        ImportError: python-liquid is not installed.
    """
    environment = _create_environment()
    from liquid.exceptions import LiquidError

    try:
        unknown = _compile(source).analyze(include_partials=False).filters.keys() - environment.filters.keys()
    except LiquidError as error:
        raise ValueError(f"{at}: {error}") from None
    if unknown:
        raise ValueError(f"{at}: unknown Liquid filter: {', '.join(sorted(unknown))}")


def check_if_template(text: str, at: str) -> None:
    """Check a text if it contains Liquid, so that other texts do not require python-liquid."""
    if is_template(text):
        check(text, at)


def is_template(text: str) -> bool:
    """Return whether a text contains Liquid."""
    return "{{" in text or "{%" in text


def render(source: str, context: Mapping[str, Any]) -> str:
    """Render a template.

    Raises:
        TemplateError: It cannot be rendered with this context.
        ImportError: python-liquid is not installed.
    """
    from liquid.exceptions import LiquidError

    try:
        return _compile(source).render(**context)
    except LiquidError as error:
        raise TemplateError(str(error)) from error


@lru_cache(maxsize=1024)
def _compile(source: str) -> BoundTemplate:
    return _create_environment().from_string(source)


@lru_cache(maxsize=1)
def _create_environment() -> Environment:
    try:
        from liquid import Environment
        from liquid.filter import with_context
    except ImportError as error:
        raise ImportError(_MISSING) from error
    environment = Environment()
    environment.filters.update(_FILTERS)
    environment.filters["date"] = with_context(_date)
    return environment


def _date(value: Any, form: Any, timezone: str | None = None, *, context: RenderContext) -> str:
    """Format a time as Liquid's own filter does, but in a time zone if one is given."""
    from liquid.builtin.filters.misc import date

    if value in ("now", "today"):
        value = context.resolve(NOW)
    moment = parse_moment(value)
    if moment is not None:
        value = moment if timezone is None else _in_zone(moment, timezone)
    formatted: str = date(value, form, environment=context.env)
    return formatted


def _timezone(value: Any, name: str) -> Any:
    moment = parse_moment(value)
    return value if moment is None else _in_zone(moment, name).isoformat()


def _in_zone(moment: datetime, name: str) -> datetime:
    from liquid.exceptions import FilterArgumentError

    try:
        return moment.astimezone(ZoneInfo(name))
    except (KeyError, ValueError) as error:
        raise FilterArgumentError(f"{name!r} is not a time zone", token=None) from error


def _pluralize(value: Any, one: str, many: str) -> str:
    return one if str(value) == "1" else many


def _json(value: Any) -> str:
    return to_json(value, fallback=str).decode("utf-8")


def _currency(value: Any, currency: str = "USD", locale: str = "en") -> str:
    from babel.numbers import format_currency

    return format_currency(_number(value), currency, locale=locale)


def _rounded_currency(value: Any, currency: str = "USD", locale: str = "en") -> str:
    from babel.numbers import format_currency

    return format_currency(round(_number(value)), currency, locale=locale, format="¤#,##0", currency_digits=False)


def _format_number(value: Any, locale: str = "en") -> str:
    from babel.numbers import format_decimal

    return format_decimal(_number(value), locale=locale)


def _number(value: Any) -> float:
    from liquid.exceptions import FilterArgumentError

    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise FilterArgumentError(f"{value!r} is not a number", token=None) from error


def _hmac_sha256(value: Any, key: Any) -> str:
    return hmac.new(str(key).encode(), str(value).encode(), sha256).hexdigest()


def _md5(value: Any) -> str:
    return md5(str(value).encode(), usedforsecurity=False).hexdigest()


def _sha256(value: Any) -> str:
    return sha256(str(value).encode()).hexdigest()


def _titlecase(value: Any) -> str:
    return " ".join(word[:1].upper() + word[1:] for word in str(value).split(" "))


def _intersect(left: Any, right: Any) -> list[Any]:
    return [element for element in left if element in right] if is_array(left) and is_array(right) else []


_FILTERS: Mapping[str, Callable[..., Any]] = {
    "currency": _currency,
    "format_number": _format_number,
    "hmac_sha256": _hmac_sha256,
    "intersect": _intersect,
    "json": _json,
    "md5": _md5,
    "pluralize": _pluralize,
    "rounded_currency": _rounded_currency,
    "sha256": _sha256,
    "timezone": _timezone,
    "titlecase": _titlecase,
}
