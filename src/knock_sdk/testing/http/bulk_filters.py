"""The filter by recipients of bulk operations on messages, which a request can spell in two ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..._core.type_guards import is_array
from .errors import invalid_field

if TYPE_CHECKING:
    from ..state.json_objects import JSON


def recipient_ids(body: JSON) -> list[str] | None:
    """Return the ids of the recipients whose messages are to be changed; None for all.

    Knock's client for browsers sends `user_ids` in place of `recipient_ids`; the contract describes only the latter.

    Raises:
        Problem: `user_ids` is not a list of texts.
    """
    named: Any = body.get("recipient_ids")
    others: Any = body.get("user_ids")
    if others is not None and not (is_array(others) and all(isinstance(each, str) for each in others)):
        raise invalid_field("user_ids", "type", "must be a list of user ids")
    return others if named is None else named
