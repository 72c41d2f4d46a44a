"""Filters of Knock on times and numbers, formatted by babel for a time zone or a locale."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from liquid.filter import with_context

from ...state.clock import parse_moment
from ...state.names import did_you_mean
from .variables import NOW

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from babel import Locale
    from liquid import RenderContext
    from liquid.exceptions import FilterArgumentError

LOCALES = frozenset(
    [
        "af",
        "ar",
        "az",
        "be",
        "bg",
        "bn",
        "bs",
        "ca",
        "cs",
        "cy",
        "da",
        "de",
        "de-DE",
        "el",
        "en",
        "en-US",
        "en-GB",
        "eo",
        "es",
        "es-419",
        "et",
        "eu",
        "fa",
        "fi",
        "fr",
        "fr-CA",
        "fr-FR",
        "gl",
        "he",
        "hi",
        "hr",
        "hu",
        "id",
        "is",
        "it",
        "ja",
        "ja-JP",
        "ka",
        "km",
        "kn",
        "ko",
        "lb",
        "lo",
        "lt",
        "lv",
        "mk",
        "ml",
        "mn",
        "mr",
        "ms",
        "nb",
        "ne",
        "nl",
        "nn",
        "no",
        "or",
        "pa",
        "pl",
        "pl-PL",
        "pt",
        "pt-BR",
        "rm",
        "ro",
        "ru",
        "sk",
        "sl",
        "sq",
        "sr",
        "sv",
        "sw",
        "ta",
        "te",
        "th",
        "tr",
        "tt",
        "ug",
        "uk",
        "ur",
        "uz",
        "vi",
        "wo",
        "zh",
        "zh-CN",
        "zh-Hans",
        "zh-Hant",
    ]
)
"""The locales that Knock's filters take; that others are refused is a guess."""

_OTHER_NAMES = {"no": "nb", "zh-CN": "zh-Hans-CN"}
_STYLES = ("short", "medium", "long", "full")
_DECIMALS = re.compile(r"\.0+")


def _date(value: Any, form: Any, zone: Any = None, *, context: RenderContext) -> str:
    """Format a time, in a time zone if one is given; other texts as Liquid's own filter does."""
    from liquid import is_undefined
    from liquid.builtin.filters.misc import date

    moment = _moment_of(value, context)
    if moment is None or is_undefined(form):
        formatted: str = date(value, form, environment=context.env)
        return formatted
    # Not by Liquid's own filter: it takes a moment for an equal one in another time zone that it has seen before.
    moment = _in_zone(moment, str(zone)) if zone else moment
    try:
        return moment.strftime(str(form).replace("%s", str(int(moment.timestamp()))))
    except ValueError as error:
        raise _refusal(f"{form!r} is not a format of times: {error}") from error


def _timezone(value: Any, name: Any, *, context: RenderContext) -> Any:
    moment = _moment_of(value, context)
    return value if moment is None else _in_zone(moment, str(name)).isoformat()


def _format_date(value: Any, locale: Any, form: Any = "short", *, context: RenderContext) -> Any:
    from babel.dates import format_date

    moment = _moment_of(value, context)
    return value if moment is None else format_date(moment, _style_of(form), locale=_locale_of(locale))


def _format_datetime(
    value: Any, locale: Any, date_form: Any = "short", time_form: Any = "short", *, context: RenderContext
) -> Any:
    from babel.dates import format_date, format_time, get_datetime_format

    moment = _moment_of(value, context)
    if moment is None:
        return value
    found, style = _locale_of(locale), _style_of(date_form)
    day = format_date(moment, style, locale=found)
    time = format_time(moment, _style_of(time_form), locale=found)
    # Knock shows a plain space before AM and PM, where newer data of babel's has a narrow one.
    return str(get_datetime_format(style, locale=found)).format(time, day).replace("\u202f", " ")


def _format_number(value: Any, locale: Any = "en") -> str:
    from babel.numbers import format_decimal

    return format_decimal(_number(value), locale=_locale_of(locale))


def _currency(value: Any, code: Any = "USD", locale: Any = "en") -> str:
    from babel.numbers import format_currency

    return format_currency(_number(value), _currency_of(code), locale=_locale_of(locale))


def _rounded_currency(value: Any, code: Any = "USD", locale: Any = "en") -> str:
    from babel.numbers import format_currency

    found = _locale_of(locale)
    pattern = _DECIMALS.sub("", found.currency_formats["standard"].pattern)
    rounded = _number(value).quantize(Decimal(1), ROUND_HALF_UP)
    return format_currency(rounded, _currency_of(code), pattern, locale=found, currency_digits=False)


def _moment_of(value: Any, context: RenderContext) -> datetime | None:
    """Return the moment that a time in ISO 8601, a Unix time in seconds, or `now` means; None for anything else."""
    if value in ("now", "today"):
        value = context.resolve(NOW)
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=timezone.utc)
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return datetime.fromtimestamp(value, timezone.utc)
        except (OverflowError, OSError, ValueError) as error:
            raise _refusal(f"{value!r} is not a time") from error
    return parse_moment(value)


def _in_zone(moment: datetime, name: str) -> datetime:
    try:
        return moment.astimezone(ZoneInfo(name))
    except (KeyError, ValueError, OSError) as error:
        raise _refusal(f"{name!r} is not a time zone") from error


def _style_of(form: Any) -> Literal["short", "medium", "long", "full"]:
    if form not in _STYLES:
        raise _refusal(f"{form!r} is not one of {', '.join(_STYLES)}{did_you_mean(form, _STYLES)}")
    style: Literal["short", "medium", "long", "full"] = form
    return style


@lru_cache(maxsize=256)
def _locale_of(name: Any) -> Locale:
    from babel import Locale

    if name not in LOCALES:
        near = did_you_mean(str(name).replace("_", "-"), LOCALES)
        raise _refusal(f"{name!r} is not a locale that Knock formats for, such as 'en' or 'pt-BR'{near}")
    return Locale.parse(_OTHER_NAMES.get(name, name), sep="-")


def _currency_of(code: Any) -> str:
    from babel.numbers import is_currency

    if not isinstance(code, str) or not is_currency(code.upper()):
        raise _refusal(f"{code!r} is not the code of a currency, such as 'EUR'")
    return code.upper()


def _number(value: Any) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        raise _refusal(f"{_shown(value)} is not a number") from error
    if not number.is_finite():
        raise _refusal(f"{_shown(value)} is not a number")
    return number


def _shown(value: Any) -> str:
    from liquid import is_undefined

    return "a missing value" if is_undefined(value) else repr(value)


def _refusal(problem: str) -> FilterArgumentError:
    from liquid.exceptions import FilterArgumentError

    return FilterArgumentError(problem, token=None)


FILTERS: Mapping[str, Callable[..., Any]] = {
    "currency": _currency,
    "date": with_context(_date),
    "format_date_in_locale": with_context(_format_date),
    "format_datetime_in_locale": with_context(_format_datetime),
    "format_number": _format_number,
    "rounded_currency": _rounded_currency,
    "timezone": with_context(_timezone),
}
"""Filters by name."""
