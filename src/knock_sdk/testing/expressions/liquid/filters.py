"""Filters of Knock on texts, lists and JSON."""

from __future__ import annotations

import hmac
import re
from hashlib import md5, sha256
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json, to_json

from ...._core.type_guards import is_array
from . import markdown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_VERSION = re.compile(r"v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?")


def _pluralize(value: Any, one: Any, many: Any) -> Any:
    return one if str(value) == "1" else many


def _json(value: Any) -> str:
    return to_json(value, fallback=str).decode("utf-8")


def _from_json(value: Any) -> Any:
    """Return the value in a JSON text; nothing if it is not JSON, which is a guess."""
    try:
        return from_json(str(value))
    except ValueError:
        return None


def _from_markdown(value: Any) -> str:
    return markdown.to_html(_text(value))


def _hmac_sha256(value: Any, key: Any) -> str:
    return hmac.new(_text(key).encode(), _text(value).encode(), sha256).hexdigest()


def _md5(value: Any) -> str:
    return md5(_text(value).encode(), usedforsecurity=False).hexdigest()


def _sha256(value: Any) -> str:
    return sha256(_text(value).encode()).hexdigest()


def _titlecase(value: Any) -> str:
    return " ".join(word[:1].upper() + word[1:] for word in _text(value).split(" "))


def _intersect(left: Any, right: Any) -> list[Any]:
    return [element for element in left if element in right] if is_array(left) and is_array(right) else []


def _compare_versions(left: Any, right: Any) -> int:
    """Compare two versions as semver does: -1, 0 or 1."""
    one, other = _version_of(left), _version_of(right)
    return (one > other) - (one < other)


def _version_of(value: Any) -> tuple[Any, ...]:
    from liquid.exceptions import FilterArgumentError

    found = _VERSION.fullmatch(_text(value).strip())
    if found is None:
        raise FilterArgumentError(f"{value!r} is not a version such as '1.2.3'", token=None)
    numbers = tuple(int(number or 0) for number in found.groups()[:3])
    if found[4] is None:
        return (*numbers, 1)
    # Numbers are less than words, and anything is less than the version that it leads to.
    parts = [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in found[4].split(".")]
    return (*numbers, 0, parts)


def _text(value: Any) -> str:
    from liquid.stringify import to_liquid_string

    return to_liquid_string(value, autoescape=False)


FILTERS: Mapping[str, Callable[..., Any]] = {
    "compare_versions": _compare_versions,
    "from_json": _from_json,
    "from_markdown": _from_markdown,
    "hmac_sha256": _hmac_sha256,
    "intersect": _intersect,
    "json": _json,
    "md5": _md5,
    "pluralize": _pluralize,
    "sha256": _sha256,
    "titlecase": _titlecase,
}
"""Filters by name."""
