"""What is exported: arguments, checked before anything is sent or written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias, get_args
from urllib.parse import parse_qsl

from .._core.requests import operations as op
from .._core.requests.encode import encode
from .._core.requests.options import check_flags
from .._core.requests.request import PageRequest
from .._core.responses.raw_page import RawItem, RawPage
from .._core.values.callbacks import check_on_progress
from .._core.values.headers import hide_headers
from ..errors import InvalidArgumentError
from ._columns import TABLES, Table
from ._files import Files, files_of, reported
from ._lines import CSVLines, JSONLines, Lines

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from os import PathLike

    from .._core.lifetime import Lifetime
    from .._core.requests.config import Config
    from .._core.requests.operation import Operation
    from .._core.requests.options import RequestOptions
    from ._report import ExportProgress

ExportFormat: TypeAlias = Literal["jsonl", "csv", "parquet"]
"""Format of an export: JSON lines, CSV or Parquet."""

Kind: TypeAlias = Literal["messages", "users", "tenants", "objects"]


class _Messages(RawPage):
    """A page of messages."""

    key = "items"


class _Entries(RawPage):
    """A page of users, tenants or objects."""

    key = "entries"


_LISTS: Mapping[Kind, tuple[Operation, type[RawPage]]] = {
    "messages": (op.LIST_MESSAGES, _Messages),
    "users": (op.LIST_USERS, _Entries),
    "tenants": (op.LIST_TENANTS, _Entries),
    "objects": (op.LIST_OBJECTS, _Entries),
}


class Settings(NamedTuple):
    """The arguments that all exports have."""

    path: str | PathLike[str]
    format: ExportFormat
    resume: bool
    overwrite: bool
    escape_formulas: bool
    on_progress: Callable[[ExportProgress], None] | None


class Plan(NamedTuple):
    """What is exported, and into what."""

    files: Files
    request: PageRequest[RawItem]
    """The request for the first page."""
    export: dict[str, Any]
    """What an earlier run must have exported to be resumed."""
    lines: Lines
    table_for_parquet: Table | None
    resume: bool
    overwrite: bool


def make_request(
    kind: Kind, *path: str, query: Mapping[str, object], page_size: int, options: RequestOptions
) -> PageRequest[RawItem]:
    """Return the request for the first page of a list."""
    operation, page = _LISTS[kind]
    return PageRequest(operation, page, path=path, query={**query, "page_size": page_size}, options=options)


def hide(options: RequestOptions) -> None:
    """Hide the headers in options, since tracebacks may show local variables."""
    if "extra_headers" in options:
        options["extra_headers"] = hide_headers(options["extra_headers"])  # type: ignore[typeddict-item]  # it is checked later


def check_client(client: object, expected: type[object]) -> None:
    """Raise InvalidArgumentError unless the client is of the expected class, with advice for the other one."""
    if not isinstance(client, expected):
        name = type(client).__name__
        advice = {
            "AsyncKnock": "; it goes to the functions whose names end in _async",
            "Knock": "; it goes to the functions whose names do not end in _async",
        }.get(name, "")
        raise InvalidArgumentError("client", f"must be of the class {expected.__name__}, not {name}{advice}")


def make_plan(kind: Kind, request: PageRequest[RawItem], settings: Settings, config: Config, now: Lifetime) -> Plan:
    """Check all arguments.

    Raises:
        InvalidArgumentError: One is invalid.
        ExportFileError: The system does not let the path be examined.
    """
    target = encode(request, config, now).target
    if settings.format not in get_args(ExportFormat):
        raise InvalidArgumentError("format", f"must be 'jsonl', 'csv' or 'parquet', not {settings.format!r}")
    check_flags(resume=settings.resume, overwrite=settings.overwrite, escape_formulas=settings.escape_formulas)
    check_on_progress(settings.on_progress)
    with reported(Path("path")):
        files = files_of(settings.path)
    table = TABLES[kind]
    is_csv = settings.format == "csv"
    return Plan(
        files,
        request,
        {
            "list": kind,
            "collection": request.path[0] if request.path else None,
            "filters": _filters_in(target),
            "format": settings.format,
            "escape_formulas": settings.escape_formulas if is_csv else None,
            "base_url": config.origin.url,
            "branch": config.branch,
        },
        CSVLines(table, escape_formulas=settings.escape_formulas) if is_csv else JSONLines(),
        table if settings.format == "parquet" else None,
        settings.resume,
        settings.overwrite,
    )


def _filters_in(target: str) -> dict[str, list[str]]:
    """Return the query of a request, without the size of a page, which may change between two runs."""
    filters: dict[str, list[str]] = {}
    for name, value in parse_qsl(target.partition("?")[2], keep_blank_values=True):
        if name != "page_size":
            filters.setdefault(name, []).append(value)
    return filters
