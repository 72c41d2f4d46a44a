"""Exports; read by type checkers only."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

from typing_extensions import assert_type

from knock_sdk import AsyncKnock, Knock, export
from knock_sdk.export import (
    ExportError,
    ExportFileError,
    ExportFormat,
    ExportLockedError,
    ExportProgress,
    ExportReport,
    ExportStateError,
)
from knock_sdk.types import MessageStatus


def tell(progress: ExportProgress) -> None:
    print(progress, progress.items + 1, progress.rate / 2, progress.elapsed / 2)


def exporting(client: Knock, formats: list[ExportFormat], wanted: set[MessageStatus]) -> list[ExportReport]:
    report = export.messages(client, "messages.jsonl")
    assert_type(report, ExportReport)
    assert_type(report.path, Path)
    assert_type(report.items, int)
    return [
        export.messages(
            client,
            Path("messages.csv"),
            format=formats[0],
            resume=False,
            overwrite=True,
            escape_formulas=False,
            on_progress=tell,
            page_size=20,
            tenant="acme",
            channel_id=None,
            status=wanted,
            engagement_status=("unread", "seen"),
            message_ids=["m1"],
            workflow_categories=["news"],
            source="digest",
            workflow_run_id="r1",
            workflow_recipient_run_id="r2",
            trigger_data={"plan": "pro"},
            inserted_at={"gte": datetime.now(timezone.utc), "lt": "2026-02-01T00:00:00Z"},
            timeout=5,
            max_retries=10,
        ),
        export.users(client, "users", format="parquet", include=["preferences"], order="desc", on_progress=print),
        export.tenants(client, "tenants", tenant_id="t", name="T", on_progress=None),
        export.objects(client, "projects", "projects", include=["preferences"], extra_headers={"x": "y"}),
    ]


async def exporting_async(client: AsyncKnock) -> list[ExportReport]:
    report = await export.messages_async(client, "messages.jsonl", status=["sent"], on_progress=tell)
    assert_type(report, ExportReport)
    return [
        report,
        await export.users_async(client, Path("users"), format="csv", order="asc"),
        await export.tenants_async(client, "tenants", name="T"),
        await export.objects_async(client, "projects", "projects", page_size=10),
    ]


def failing(client: Knock) -> str | None:
    try:
        export.users(client, "users.jsonl")
    except (ExportFileError, ExportLockedError, ExportStateError) as error:
        assert_type(error.path, str)
    except ExportError as error:
        return error.path
    return None
