"""Rows of workflows, runs and schedules."""

from __future__ import annotations

from datetime import datetime, timezone

from knock_sdk import types as t

from .row import PageOf, Row
from .samples import DATA, OBJECT, REFERENCE, REPEATS, SCHEDULE, TENANT, USER, UUID

START = datetime(2026, 10, 12, 9, 30, tzinfo=timezone.utc)
END = datetime(2026, 12, 31, 23, 59, 59, 500000, tzinfo=timezone.utc)

WORKFLOWS = [
    Row(
        "POST /v1/workflows/{key}/trigger",
        "workflows.trigger",
        ("invoice-overdue",),
        {
            "recipients": ["jhammond", USER, OBJECT],
            "actor": USER,
            "cancellation_key": "inv-20931",
            "data": DATA,
            "settings": {"sandbox_mode": True, "skip_delay": None},
            "tenant": TENANT,
            "idempotency_key": "overdue:inv-20931",
        },
        "/v1/workflows/invoice-overdue/trigger",
        t.TriggerWorkflowResponse,
        body={
            "recipients": ["jhammond", USER, OBJECT],
            "actor": USER,
            "cancellation_key": "inv-20931",
            "data": DATA,
            "settings": {"sandbox_mode": True, "skip_delay": None},
            "tenant": TENANT,
        },
        headers={"idempotency-key": "overdue:inv-20931"},
    ),
    Row(
        "POST /v1/workflows/{key}/trigger",
        "workflows.trigger",
        ("größer/kleiner +1",),
        {
            "recipients": ("jhammond",),
            "actor": None,
            "cancellation_key": None,
            "data": {"due": START},
            "settings": None,
            "tenant": None,
        },
        "/v1/workflows/gr%C3%B6%C3%9Fer%2Fkleiner%20+1/trigger",
        t.TriggerWorkflowResponse,
        body={
            "recipients": ["jhammond"],
            "actor": None,
            "cancellation_key": None,
            "data": {"due": "2026-10-12T09:30:00Z"},
            "settings": None,
            "tenant": None,
        },
    ),
    Row(
        "POST /v1/workflows/{key}/cancel",
        "workflows.cancel",
        ("invoice-overdue",),
        {"cancellation_key": "inv-20931", "recipients": ["jhammond", REFERENCE]},
        "/v1/workflows/invoice-overdue/cancel",
        None,
        body={"cancellation_key": "inv-20931", "recipients": ["jhammond", REFERENCE]},
    ),
    Row(
        "POST /v1/workflows/{key}/cancel",
        "workflows.cancel",
        ("invoice-overdue",),
        {"cancellation_key": "inv-20931", "recipients": None},
        "/v1/workflows/invoice-overdue/cancel",
        None,
        body={"cancellation_key": "inv-20931", "recipients": None},
    ),
]

RUNS = [
    Row(
        "GET /v1/workflow_recipient_runs",
        "workflow_recipient_runs.list",
        (),
        {
            "after": "c2",
            "before": "c9",
            "page_size": 20,
            "workflow": "invoice-overdue",
            "status": ["paused", "completed"],
            "tenant": "acme",
            "has_errors": True,
            "recipient": REFERENCE,
            "starting_at": START,
            "ending_at": END,
        },
        "/v1/workflow_recipient_runs",
        PageOf(t.WorkflowRecipientRun),
        query=[
            ("after", "c2"),
            ("before", "c9"),
            ("page_size", "20"),
            ("workflow", "invoice-overdue"),
            ("status[]", "paused"),
            ("status[]", "completed"),
            ("tenant", "acme"),
            ("has_errors", "true"),
            ("recipient[id]", "inv-20931"),
            ("recipient[collection]", "invoices"),
            ("starting_at", "2026-10-12T09:30:00+00:00"),
            ("ending_at", "2026-12-31T23:59:59.500000+00:00"),
        ],
    ),
    Row(
        "GET /v1/workflow_recipient_runs",
        "workflow_recipient_runs.list",
        (),
        {"recipient": "jhammond", "has_errors": False, "starting_at": "2026-10-12T09:30:00Z"},
        "/v1/workflow_recipient_runs",
        PageOf(t.WorkflowRecipientRun),
        query=[("recipient", "jhammond"), ("has_errors", "false"), ("starting_at", "2026-10-12T09:30:00Z")],
    ),
    Row(
        "GET /v1/workflow_recipient_runs/{id}",
        "workflow_recipient_runs.get",
        (UUID,),
        {},
        f"/v1/workflow_recipient_runs/{UUID}",
        t.WorkflowRecipientRunDetail,
    ),
]

SCHEDULES = [
    Row(
        "GET /v1/schedules",
        "schedules.list",
        (),
        {
            "workflow": "digest",
            "recipients": ["jhammond", "ada"],
            "tenant": "acme",
            "after": "c2",
            "before": "c9",
            "page_size": 1,
        },
        "/v1/schedules",
        PageOf(t.Schedule),
        query=[
            ("workflow", "digest"),
            ("recipients[]", "jhammond"),
            ("recipients[]", "ada"),
            ("tenant", "acme"),
            ("after", "c2"),
            ("before", "c9"),
            ("page_size", "1"),
        ],
    ),
    Row(
        "GET /v1/schedules",
        "schedules.list",
        (),
        {"workflow": "digest", "recipients": [REFERENCE, "ada", {"id": "acme", "collection": "$tenants"}]},
        "/v1/schedules",
        PageOf(t.Schedule),
        query=[
            ("workflow", "digest"),
            ("recipients[0][id]", "inv-20931"),
            ("recipients[0][collection]", "invoices"),
            ("recipients[1]", "ada"),
            ("recipients[2][id]", "acme"),
            ("recipients[2][collection]", "$tenants"),
        ],
    ),
    Row(
        "POST /v1/schedules",
        "schedules.create",
        (),
        {
            "recipients": ["jhammond", USER, OBJECT],
            "workflow": "digest",
            "actor": OBJECT,
            "data": DATA,
            "ending_at": END,
            "repeats": REPEATS,
            "scheduled_at": START,
            "tenant": TENANT,
        },
        "/v1/schedules",
        list[t.Schedule],
        body={
            "recipients": ["jhammond", USER, OBJECT],
            "workflow": "digest",
            "actor": OBJECT,
            "data": DATA,
            "ending_at": "2026-12-31T23:59:59.500000+00:00",
            "repeats": REPEATS,
            "scheduled_at": "2026-10-12T09:30:00+00:00",
            "tenant": TENANT,
        },
    ),
    Row(
        "POST /v1/schedules",
        "schedules.create",
        (),
        {"recipients": ["jhammond"], "workflow": "digest", "actor": None, "ending_at": None, "scheduled_at": None},
        "/v1/schedules",
        list[t.Schedule],
        body={
            "recipients": ["jhammond"],
            "workflow": "digest",
            "actor": None,
            "ending_at": None,
            "scheduled_at": None,
        },
    ),
    Row(
        "PUT /v1/schedules",
        "schedules.update",
        (),
        {
            "schedule_ids": [SCHEDULE],
            "actor": REFERENCE,
            "data": DATA,
            "ending_at": "2026-12-31T23:59:59Z",
            "repeats": REPEATS,
            "scheduled_at": START,
            "tenant": "acme",
        },
        "/v1/schedules",
        list[t.Schedule],
        body={
            "schedule_ids": [SCHEDULE],
            "actor": REFERENCE,
            "data": DATA,
            "ending_at": "2026-12-31T23:59:59Z",
            "repeats": REPEATS,
            "scheduled_at": "2026-10-12T09:30:00+00:00",
            "tenant": "acme",
        },
    ),
    Row(
        "DELETE /v1/schedules",
        "schedules.delete",
        (),
        {"schedule_ids": [SCHEDULE, UUID]},
        "/v1/schedules",
        list[t.Schedule],
        body={"schedule_ids": [SCHEDULE, UUID]},
    ),
    Row(
        "POST /v1/schedules/bulk/create",
        "schedules.bulk.create",
        (),
        {
            "schedules": [
                {
                    "workflow": "digest",
                    "recipient": USER,
                    "actor": "jhammond",
                    "data": DATA,
                    "ending_at": END,
                    "repeats": REPEATS,
                    "scheduled_at": START,
                    "tenant": TENANT,
                },
                {"workflow": "digest", "recipient": "ada", "scheduled_at": None},
            ]
        },
        "/v1/schedules/bulk/create",
        t.BulkOperation,
        body={
            "schedules": [
                {
                    "workflow": "digest",
                    "recipient": USER,
                    "actor": "jhammond",
                    "data": DATA,
                    "ending_at": "2026-12-31T23:59:59.500000Z",
                    "repeats": REPEATS,
                    "scheduled_at": "2026-10-12T09:30:00Z",
                    "tenant": TENANT,
                },
                {"workflow": "digest", "recipient": "ada", "scheduled_at": None},
            ]
        },
    ),
]

ROWS = [*WORKFLOWS, *RUNS, *SCHEDULES]
