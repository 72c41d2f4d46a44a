"""Requests of webhook channels, from the templates of their steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, get_args
from urllib.parse import urlencode, urlsplit

from pydantic_core import from_json

from ..._core.type_guards import is_array, is_mapping
from ..state.steps.function_steps import Method
from .liquid import liquid
from .liquid.rendering import TemplateError
from .template_fields import text_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..state.json_objects import JSON

METHODS = get_args(Method)
_WITH_BODY = ("post", "put", "patch")


class Address(NamedTuple):
    """A URL, taken apart."""

    host: str
    path: str
    query: str | None


def render(template: Mapping[str, Any], context: Mapping[str, Any]) -> JSON:
    """Return a request: `method`, `host`, `path`, `query`, `headers` and `body`.

    Raises:
        TemplateError: The template is malformed, cannot be rendered with this context, or renders to no URL.
    """
    method = str(template.get("method") or "post").lower()
    if method not in METHODS:
        raise TemplateError(f"{method!r} is not one of {', '.join(METHODS)}", "method")
    address = _split(text_at(template, "url", context))
    parameters = _pairs_at(template, "query_params", context)
    query = "&".join(filter(None, [address.query, urlencode(parameters)]))
    text = text_at(template, "body", context) if method in _WITH_BODY else ""
    return {
        "body": parsed if is_mapping(parsed := _parse(text)) else text,
        "headers": _pairs_at(template, "headers", context),
        "host": address.host,
        "method": method.upper(),
        "path": address.path,
        "query": query or None,
    }


def _split(url: str) -> Address:
    try:
        parts = urlsplit(url.strip())
        host = parts.netloc
    except ValueError as error:
        raise TemplateError(f"{url!r} is no URL: {error}", "url") from error
    if parts.scheme not in {"http", "https"} or not host:
        raise TemplateError(f"{url!r} is no URL that begins with https://", "url")
    return Address(host, parts.path or "/", parts.query or None)


def _pairs_at(template: Mapping[str, Any], name: str, context: Mapping[str, Any]) -> dict[str, str]:
    """Return a list of keys and values, or a text that renders to a JSON object, as a dict of texts."""
    value = template.get(name)
    if isinstance(value, str):
        text = liquid.render(value, context, name)
        value = _parse(text)
        if value is not None and not is_mapping(value):
            raise TemplateError("must render to a JSON object", name)
    if value is None:
        return {}
    if is_mapping(value):
        return {str(key): liquid.render(str(inner), context, f"{name}.{key}") for key, inner in value.items()}
    if not is_array(value):
        raise TemplateError("must be a list of objects with key and value", name)
    pairs: dict[str, str] = {}
    for index, pair in enumerate(value):
        at = f"{name}.{index}"
        if not is_mapping(pair) or "key" not in pair:
            raise TemplateError("must be an object with key and value", at)
        key = liquid.render(str(pair["key"]), context, f"{at}.key")
        pairs[key] = liquid.render(str(pair.get("value") or ""), context, f"{at}.value")
    return pairs


def _parse(text: str) -> Any:
    """Return the value in a text that is JSON, any other text as it is, and None for an empty one."""
    if not text.strip():
        return None
    try:
        value: Any = from_json(text)
    except ValueError:
        return text
    return value
