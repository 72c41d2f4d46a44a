"""Attachments of emails: files in the data of a run, at the path that the template names."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error
from typing import TYPE_CHECKING, Any

from ...._core.type_guards import is_array, is_object
from ..liquid.rendering import TemplateError

if TYPE_CHECKING:
    from ...state.json_objects import JSON

DEFAULT_KEY = "attachments"
_REQUIRED = ("name", "content_type", "content")


def find(data: JSON, key: object) -> list[JSON]:
    """Return the attachments in the data: one object, or a list of them.

    Args:
        data: data of the run; after a batch, that of its first activity.
        key: path in the data; `attachments` if None.

    Raises:
        TemplateError: An attachment is malformed; that this fails the step is a guess.
    """
    path = DEFAULT_KEY if key is None else key
    if not isinstance(path, str):
        raise TemplateError("must be a path in the data", "settings.attachment_key")
    value: Any = data
    for name in path.split("."):
        value = value.get(name) if is_object(value) else None
    if value is None:
        return []
    at = f"data.{path}"
    if is_object(value):
        return [_check(value, at)]
    if not is_array(value):
        raise TemplateError("must be an attachment or a list of them", at)
    return [_check(each, f"{at}.{index}") for index, each in enumerate(value)]


def _check(attachment: object, at: str) -> JSON:
    if not is_object(attachment):
        raise TemplateError(f"must be an object with {', '.join(_REQUIRED)}", at)
    for name in _REQUIRED:
        if not isinstance(attachment.get(name), str):
            raise TemplateError("is missing, or is no text", f"{at}.{name}")
    try:
        b64decode(attachment["content"], validate=True)
    except (Error, ValueError) as error:
        raise TemplateError(f"is not in base64: {error}", f"{at}.content") from error
    return attachment
