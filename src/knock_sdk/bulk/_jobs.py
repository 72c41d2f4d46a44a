"""Jobs: what a bulk method does with its items."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl, unquote

from pydantic_core import from_json, to_json

from .._core.type_guards import is_mapping
from ..types.bulk_operations import BulkOperation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .._core.requests.operation import Operation
    from .._core.requests.request import Request

MAX_BODY = 5_000_000
"""Bytes of the items in one request: less than the 8 MB at which common servers refuse a body. One item may be more."""
FULL = 4_500_000
"""Bytes of text with which a request counts as full while items are read for it: it will have names and signs too."""
MAX_QUERY = 7_000
"""Bytes of a path with its query: less than the 8,000 at which common servers refuse one."""

_UNDOCUMENTED = 100
"""Number of items in one request where no limit is documented."""
_DIGITS = 4_000
"""Digits of a number that are read at once: fewer than the 4,300 at which Python refuses."""
_OF_RECORDS = frozenset({"message_ids", "schedules", "triggers"})
"""Arguments whose items name a message or a workflow. Of what other items name, the API creates what does not exist."""


class Job(NamedTuple):
    """A bulk method with its arguments, without its items."""

    name: str
    """The method, such as `users.bulk.identify_many`."""
    operation: Operation
    argument: str
    """Name of the list of items, in the method and in the body or query."""
    request: Callable[[list[Any]], Request[Any]]
    """Makes the request for some items."""
    max_items: int
    """Number of items that one request can have."""
    others: frozenset[str] = frozenset()
    """Names of the arguments that all requests have, as far as the API could name them in an error."""
    names_records: bool = False
    """Whether an item names something that may not exist, so that a 404 need not concern the others."""
    in_background: bool = False
    """Whether the response is a bulk operation, which must be waited for."""
    in_query: bool = False
    """Whether the items are in the query."""
    single: bool = False
    """Whether each item is a request of its own, rather than an element of a list."""


def job_of(name: str, argument: str, request: Callable[[list[Any]], Request[Any]], *, single: bool) -> Job:
    """Return the job of a method; what its requests are like says the one without items."""
    empty = request([])
    most = empty.operation.items.get(argument)
    return Job(
        name,
        empty.operation,
        argument,
        request,
        1 if single else most if isinstance(most, int) else _UNDOCUMENTED,
        others=frozenset() if single else _names_of(empty) - {argument},
        names_records=argument in _OF_RECORDS,
        in_background=empty.response_type is BulkOperation,
        in_query=argument in (empty.query or ()),
        single=single,
    )


def _names_of(request: Request[Any]) -> frozenset[str]:
    in_path = re.findall(r"\{(\w+)\}", request.operation.path)
    in_body: Mapping[str, Any] = request.body if is_mapping(request.body) else {}
    return frozenset({*in_path, *in_body, *(request.query or {})})


def items_in(job: Job, target: str, body: bytes) -> list[Any]:
    """Return the items of an encoded request, as JSON has them."""
    if job.in_query:
        name = f"{job.argument}[]"
        return [value for key, value in parse_qsl(target.partition("?")[2], True) if key == name]
    content = read_json(body)
    if job.single:
        # The key of the workflow is in the path: /v1/workflows/{key}/trigger.
        return [{"key": unquote(target.partition("?")[0].split("/")[-2]), **content}]
    return list(content[job.argument])


def read_json(text: str | bytes) -> Any:
    """Return the value of JSON that was encoded here.

    An item may be nested more deeply, and a number have more digits, than pydantic-core reads of what it has written.
    """
    try:
        return from_json(text)
    except ValueError:
        return json.loads(text, parse_int=_whole_number)


def _whole_number(digits: str) -> int:
    """Return a number of any length; Python reads only so many digits at once."""
    number = 0
    for start in range(0, len(digits), _DIGITS):
        some = digits[start : start + _DIGITS].removeprefix("-")
        number = number * 10 ** len(some) + int(some or 0)
    return -number if digits.startswith("-") else number


def body_with(job: Job, body: bytes, items: Sequence[Any]) -> bytes:
    """Return the body of an encoded request with other items."""
    content = read_json(body)
    content[job.argument] = list(items)
    return to_json(content)


def id_of(item: Any) -> str | None:
    """Return the id by which the API names an item among the errors of a bulk operation; None if it has none."""
    if is_mapping(item) and "id" not in item:
        item = item.get("recipient")  # of a schedule
    if is_mapping(item):
        item = item.get("id")
    return item if isinstance(item, str) else None
