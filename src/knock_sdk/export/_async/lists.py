"""Functions that export the lists of an account into a file, one for each list."""

# ruff: noqa: TC001, TC002, TC003 - annotations of public functions can be evaluated
from __future__ import annotations

from collections.abc import Callable
from os import PathLike
from typing import Literal

from typing_extensions import Unpack

from ... import params as p
from ... import types as t
from ..._async.client import AsyncKnock
from ..._core.requests.options import RequestOptions
from ..._core.values.argument_types import Items, JSONObject, TimeRange
from ..._core.values.query import json_text
from .._plan import ExportFormat, Settings, make_request
from .._report import ExportProgress, ExportReport
from .run import export_list


async def messages_async(
    client: AsyncKnock,
    path: str | PathLike[str],
    *,
    format: ExportFormat = "jsonl",
    resume: bool = True,
    overwrite: bool = False,
    escape_formulas: bool = True,
    on_progress: Callable[[ExportProgress], None] | None = None,
    page_size: int = 50,
    tenant: str | None = None,
    channel_id: str | None = None,
    status: Items[t.MessageStatus] | None = None,
    engagement_status: Items[p.EngagementStatusFilter] | None = None,
    message_ids: Items[str] | None = None,
    workflow_categories: Items[str] | None = None,
    source: str | None = None,
    workflow_run_id: str | None = None,
    workflow_recipient_run_id: str | None = None,
    trigger_data: str | JSONObject | None = None,
    inserted_at: TimeRange | None = None,
    **options: Unpack[RequestOptions],
) -> ExportReport:
    """Export messages to a file, page by page.

    The filters are those of `client.messages.list`. Messages past the account's retention period are left out.

    Args:
        client: The client.
        path: The file to write. Beside it, `<path>.part`, `<path>.resume` and `<path>.lock` exist meanwhile.
        format: `jsonl`, `csv` or `parquet`; Parquet needs `pip install 'knock-sdk[parquet]'`.
        resume: Whether to continue an earlier call with the same arguments that did not finish; False discards what it
            wrote.
        overwrite: Whether the complete export replaces a file that exists.
        escape_formulas: Whether, in CSV, text that spreadsheets take for a formula gets an apostrophe before it.
        on_progress: A function that is called at most ten times a second, and once at the end. What it raises ends
            the export, which can then be resumed.
        page_size: Number of items on a page, 1 to 50.
        tenant: Only messages of the tenant with this id.
        channel_id: Only messages sent through the channel with this id.
        status: Only messages whose delivery status is one of these.
        engagement_status: Only messages with these engagement statuses; the `un…` values match messages lacking that
            status.
        message_ids: Only messages with these ids, at most 50; the other filters still apply.
        workflow_categories: Only messages whose workflow belongs to at least one of these categories.
        source: Only messages produced by the workflow with this key.
        workflow_run_id: Only messages of this workflow run, the UUID that triggering a workflow returns.
        workflow_recipient_run_id: Only messages of this run for a single recipient, given by its UUID.
        trigger_data: JSON object as a string; only messages whose trigger data equals these top-level scalars, strings
            up to 256 characters (as JSON text, or as an object that is encoded for you).
        inserted_at: Bounds of the time of creation: a mapping with any of `gt`, `gte`, `lt` and `lte`.
        **options: Options of the call for each page, see `RequestOptions`.

    Returns:
        The number of items in the file, and the time it took.

    Raises:
        InvalidArgumentError: An argument is invalid, or the file exists; nothing was sent.
        ConfigurationError: The format is Parquet, and pyarrow is not installed.
        ExportError: A file cannot be written, another export is writing it, or an earlier one cannot be continued.
        KnockError: A call fails; the same call later resumes the export.
    """
    return await export_list(
        client,
        "messages",
        make_request(
            "messages",
            query={
                "tenant": tenant,
                "channel_id": channel_id,
                "status": status,
                "engagement_status": engagement_status,
                "message_ids": message_ids,
                "workflow_categories": workflow_categories,
                "source": source,
                "workflow_run_id": workflow_run_id,
                "workflow_recipient_run_id": workflow_recipient_run_id,
                "trigger_data": json_text(trigger_data),
                "inserted_at": inserted_at,
            },
            page_size=page_size,
            options=options,
        ),
        Settings(path, format, resume, overwrite, escape_formulas, on_progress),
    )


async def users_async(
    client: AsyncKnock,
    path: str | PathLike[str],
    *,
    format: ExportFormat = "jsonl",
    resume: bool = True,
    overwrite: bool = False,
    escape_formulas: bool = True,
    on_progress: Callable[[ExportProgress], None] | None = None,
    page_size: int = 50,
    include: Items[Literal["preferences"]] | None = None,
    order: Literal["asc", "desc"] | None = None,
    **options: Unpack[RequestOptions],
) -> ExportReport:
    """Export users to a file, page by page.

    The filters are those of `client.users.list`.

    Args:
        client: The client.
        path: The file to write. Beside it, `<path>.part`, `<path>.resume` and `<path>.lock` exist meanwhile.
        format: `jsonl`, `csv` or `parquet`; Parquet needs `pip install 'knock-sdk[parquet]'`.
        resume: Whether to continue an earlier call with the same arguments that did not finish; False discards what it
            wrote.
        overwrite: Whether the complete export replaces a file that exists.
        escape_formulas: Whether, in CSV, text that spreadsheets take for a formula gets an apostrophe before it.
        on_progress: A function that is called at most ten times a second, and once at the end. What it raises ends
            the export, which can then be resumed.
        page_size: Number of items on a page, 1 to 50.
        include: Related data to export as well; only `preferences` exists.
        order: Direction of the list, `asc` or `desc`; `asc` if absent.
        **options: Options of the call for each page, see `RequestOptions`.

    Returns:
        The number of items in the file, and the time it took.

    Raises:
        InvalidArgumentError: An argument is invalid, or the file exists; nothing was sent.
        ConfigurationError: The format is Parquet, and pyarrow is not installed.
        ExportError: A file cannot be written, another export is writing it, or an earlier one cannot be continued.
        KnockError: A call fails; the same call later resumes the export.
    """
    return await export_list(
        client,
        "users",
        make_request(
            "users",
            query={
                "include": include,
                "order": order,
            },
            page_size=page_size,
            options=options,
        ),
        Settings(path, format, resume, overwrite, escape_formulas, on_progress),
    )


async def tenants_async(
    client: AsyncKnock,
    path: str | PathLike[str],
    *,
    format: ExportFormat = "jsonl",
    resume: bool = True,
    overwrite: bool = False,
    escape_formulas: bool = True,
    on_progress: Callable[[ExportProgress], None] | None = None,
    page_size: int = 50,
    tenant_id: str | None = None,
    name: str | None = None,
    **options: Unpack[RequestOptions],
) -> ExportReport:
    """Export tenants to a file, page by page.

    The filters are those of `client.tenants.list`.

    Args:
        client: The client.
        path: The file to write. Beside it, `<path>.part`, `<path>.resume` and `<path>.lock` exist meanwhile.
        format: `jsonl`, `csv` or `parquet`; Parquet needs `pip install 'knock-sdk[parquet]'`.
        resume: Whether to continue an earlier call with the same arguments that did not finish; False discards what it
            wrote.
        overwrite: Whether the complete export replaces a file that exists.
        escape_formulas: Whether, in CSV, text that spreadsheets take for a formula gets an apostrophe before it.
        on_progress: A function that is called at most ten times a second, and once at the end. What it raises ends
            the export, which can then be resumed.
        page_size: Number of items on a page, 1 to 50.
        tenant_id: Only the tenant with this id.
        name: Only tenants with this name.
        **options: Options of the call for each page, see `RequestOptions`.

    Returns:
        The number of items in the file, and the time it took.

    Raises:
        InvalidArgumentError: An argument is invalid, or the file exists; nothing was sent.
        ConfigurationError: The format is Parquet, and pyarrow is not installed.
        ExportError: A file cannot be written, another export is writing it, or an earlier one cannot be continued.
        KnockError: A call fails; the same call later resumes the export.
    """
    return await export_list(
        client,
        "tenants",
        make_request(
            "tenants",
            query={
                "tenant_id": tenant_id,
                "name": name,
            },
            page_size=page_size,
            options=options,
        ),
        Settings(path, format, resume, overwrite, escape_formulas, on_progress),
    )


async def objects_async(
    client: AsyncKnock,
    collection: str,
    path: str | PathLike[str],
    *,
    format: ExportFormat = "jsonl",
    resume: bool = True,
    overwrite: bool = False,
    escape_formulas: bool = True,
    on_progress: Callable[[ExportProgress], None] | None = None,
    page_size: int = 50,
    include: Items[Literal["preferences"]] | None = None,
    **options: Unpack[RequestOptions],
) -> ExportReport:
    """Export the objects of a collection to a file, page by page.

    The filters are those of `client.objects.list`. A collection that does not exist has no objects.

    Args:
        client: The client.
        collection: Name of the collection; tenants are in `$tenants`.
        path: The file to write. Beside it, `<path>.part`, `<path>.resume` and `<path>.lock` exist meanwhile.
        format: `jsonl`, `csv` or `parquet`; Parquet needs `pip install 'knock-sdk[parquet]'`.
        resume: Whether to continue an earlier call with the same arguments that did not finish; False discards what it
            wrote.
        overwrite: Whether the complete export replaces a file that exists.
        escape_formulas: Whether, in CSV, text that spreadsheets take for a formula gets an apostrophe before it.
        on_progress: A function that is called at most ten times a second, and once at the end. What it raises ends
            the export, which can then be resumed.
        page_size: Number of items on a page, 1 to 50.
        include: Related data to export as well; only `preferences` exists.
        **options: Options of the call for each page, see `RequestOptions`.

    Returns:
        The number of items in the file, and the time it took.

    Raises:
        InvalidArgumentError: An argument is invalid, or the file exists; nothing was sent.
        ConfigurationError: The format is Parquet, and pyarrow is not installed.
        ExportError: A file cannot be written, another export is writing it, or an earlier one cannot be continued.
        KnockError: A call fails; the same call later resumes the export.
    """
    return await export_list(
        client,
        "objects",
        make_request(
            "objects",
            collection,
            query={
                "include": include,
            },
            page_size=page_size,
            options=options,
        ),
        Settings(path, format, resume, overwrite, escape_formulas, on_progress),
    )
