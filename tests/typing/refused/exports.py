"""Uses of exports that must be refused where they are marked; read by type checkers only."""

from __future__ import annotations

from knock_sdk import AsyncKnock, Knock, export
from knock_sdk.export import ExportFormat, ExportProgress


async def tell(progress: ExportProgress) -> None: ...


def count(items: int) -> None: ...


def clients(client: Knock, other: AsyncKnock) -> None:
    export.users(other, "users")  # refused
    print(export.users_async(client, "users"))  # refused


def arguments(client: Knock) -> None:
    export.users(client)  # refused
    export.users(client, 5)  # refused
    export.users(client, b"users")  # refused
    export.users(client, "users", "csv")  # refused
    export.users(client, "users", format="xlsx")  # refused
    export.users(client, "users", resume="yes")  # refused
    export.users(client, "users", on_progress=count)  # refused
    export.users(client, "users", on_progress=tell)  # refused
    export.users(client, "users", page_size="50")  # refused
    export.users(client, "users", page_size=None)  # refused
    export.users(client, "users", after="cursor")  # refused except by ty
    export.users(client, "users", order="up")  # refused
    export.users(client, "users", include="preferences")  # refused
    export.users(client, "users", status=["sent"])  # refused except by ty
    export.messages(client, "messages", status="sent")  # refused
    export.messages(client, "messages", inserted_at="2026-01-01")  # refused
    export.messages(client, "messages", inserted_at={"since": "2026-01-01"})  # refused
    export.objects(client, "projects")  # refused
    export.objects(client, path="projects")  # refused
    export.channels(client, "channels")  # refused
    form: ExportFormat = "xml"  # refused
    print(form)


def results(client: Knock) -> None:
    report = export.users(client, "users")
    report.items = 5  # refused
    print(report.count)  # refused
    path: str = report.path  # refused
    print(path)
