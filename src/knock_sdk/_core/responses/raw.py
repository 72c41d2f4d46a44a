"""Raw requests: any HTTP method, any path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...errors import InvalidArgumentError
from ..requests.operation import Operation
from ..requests.options import check_mapping
from ..requests.request import Request
from ..wire.url import check_raw_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..requests.operation import Repeat
    from ..requests.options import RequestOptions
    from ..wire.url import Origin

_REPEAT: Mapping[str, Repeat] = {"GET": "safe", "HEAD": "safe", "PUT": "idempotent", "DELETE": "idempotent"}


def raw_request(
    origin: Origin,
    method: object,
    path: object,
    *,
    query: Mapping[str, object] | None,
    body: object,
    cast_to: type[Any] | None,
    options: RequestOptions,
) -> Request[Any]:
    """Return a request for any method and path; a method that is not idempotent is never repeated."""
    if cast_to is not None:
        from .cast_to import check_cast_to  # few calls need it

        check_cast_to(cast_to)
    check_mapping("query", query)
    if not isinstance(method, str) or not (method.isascii() and method.isalpha()):
        raise InvalidArgumentError("method", "must be an HTTP method, such as 'GET'")
    verb = method.upper()
    operation = Operation("request", verb, check_raw_path(origin, path), 5, _REPEAT.get(verb, "never"))
    return Request(operation, object if cast_to is None else cast_to, query=query, body=body, options=options)
