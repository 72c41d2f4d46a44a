"""Rows for audiences, schedules, chat providers and integrations."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from .row import Failed, Read, Row
from .scene import COLLECTION, DAILY, DIGEST

if TYPE_CHECKING:
    from .scene import Scene


def rows(scene: Scene) -> list[Row]:
    """Return the rows."""
    return [*_audiences(), *_schedules(scene), *_slack(scene), *_teams(scene), *_integrations()]


def _audiences() -> list[Row]:
    return [
        Row(
            "audiences.add_members",
            ("beta",),
            {"members": [{"user": {"id": "di", "name": "Di"}, "tenant": "acme"}], "create_audience": True},
            then=[
                Read("audiences.list_members", ("beta",), {"entries": [{"user_id": "di", "tenant": "acme"}]}),
                Read("users.get", ("di",), {"name": "Di"}),
            ],
        ),
        Row("audiences.list_members", ("vips",), returns={"entries": [{"user_id": "ana", "tenant": None}]}),
        Row(
            "audiences.remove_members",
            ("vips",),
            {"members": [{"user": {"id": "ana"}}]},
            then=[Read("audiences.list_members", ("vips",), {"entries": []})],
        ),
    ]


def _schedules(scene: Scene) -> list[Row]:
    ours = {"id": scene.schedule, "workflow": DIGEST, "recipient": {"id": "ana"}}
    once = {"scheduled_at": "2026-01-06T12:00:00Z"}
    return [
        Row(
            "schedules.create",
            given={"recipients": ["ben", "ana"], "workflow": DIGEST, **once, "data": {"issue": 7}},
            returns=[
                {"recipient": {"id": "ben"}, "next_occurrence_at": "2026-01-06T12:00:00Z", "data": {"issue": 7}},
                {"recipient": {"id": "ana"}, "data": {"issue": 7}},
            ],
            then=[Read("users.list_schedules", ("ben",), [{"workflow": DIGEST, "data": {"issue": 7}}])],
        ),
        Row(
            "schedules.update",
            given={"schedule_ids": [scene.schedule], "data": {"issue": 8}, "tenant": "acme"},
            returns=[{**ours, "data": {"issue": 8}}],
            then=[Read("schedules.list", (), [{**ours, "data": {"issue": 8}}], {"workflow": DIGEST, "tenant": "acme"})],
        ),
        Row(
            "schedules.list",
            given={"workflow": DIGEST, "recipients": ["ana"]},
            returns=[{**ours, "repeats": [{"frequency": "daily", "hours": 8, "minutes": 30}]}],
        ),
        Row(
            "schedules.delete",
            given={"schedule_ids": [scene.schedule]},
            returns=[ours],
            then=[Read("schedules.list", (), [], {"workflow": DIGEST})],
        ),
        Row(
            "schedules.bulk.create",
            given={"schedules": [{"recipient": "ben", "workflow": DIGEST, "repeats": DAILY}]},
            returns={"__typename": "BulkOperation"},
            then=[Read("users.list_schedules", ("ben",), [{"workflow": DIGEST}])],
        ),
    ]


def _slack(scene: Scene) -> list[Row]:
    given = {"access_token_object": json.dumps({"object_id": "apollo", "collection": COLLECTION})}
    return [
        Row(
            "providers.slack.check_auth",
            (scene.slack,),
            given,
            returns={"connection": {"ok": True}},
        ),
        Row(
            "providers.slack.list_channels",
            (scene.slack,),
            {**given, "query_options": {"limit": 1}},
            returns=[{"name": "general"}, {"name": "random"}],
        ),
        Row(
            "providers.slack.revoke_access",
            (scene.slack,),
            given,
            returns={"ok": bool},
            then=[Read("providers.slack.check_auth", (scene.slack,), Failed(403), given)],
        ),
    ]


def _teams(scene: Scene) -> list[Row]:
    given = {"ms_teams_tenant_object": json.dumps({"object_id": "apollo", "collection": COLLECTION})}
    return [
        Row("providers.ms_teams.check_auth", (scene.teams,), given, returns={"connection": {"ok": True}}),
        Row(
            "providers.ms_teams.list_teams",
            (scene.teams,),
            {**given, "query_options": {"$top": 1}},
            returns=[{"displayName": "Flight"}, {"displayName": "Ground"}],
        ),
        Row(
            "providers.ms_teams.list_channels",
            (scene.teams,),
            {**given, "team_id": scene.team},
            returns={"ms_teams_channels": [{"displayName": "General"}]},
        ),
        Row(
            "providers.ms_teams.revoke_access",
            (scene.teams,),
            given,
            returns={"ok": bool},
            then=[Read("providers.ms_teams.check_auth", (scene.teams,), Failed(403), given)],
        ),
    ]


def _integrations() -> list[Row]:
    call = {"id": "call-1", "jsonrpc": "2.0"}
    ben = {"user_id": "ben", "audience_key": "vips"}
    sync = {"audience_key": "vips", "identifierMapping": {"from": "uid"}}
    plan = {"object": {"object_api_name": "audiences"}, "operation": "insert"}
    return [
        Row(
            "integrations.census.custom_destination",
            given={**call, "method": "sync_batch", "params": {"sync_plan": plan, "records": [ben]}},
            returns={"id": "call-1", "result": {"record_results": [{"identifier": "ben", "success": True}]}},
            then=[Read("audiences.list_members", ("vips",), lambda found: _members(found) == {"ana", "ben"})],
        ),
        Row(
            "integrations.hightouch.embedded_destination",
            given={**call, "method": "add", "params": {"configuration": sync, "rows": [{"uid": "ben"}]}},
            returns={"id": "call-1", "result": {"rejectedRows": []}},
            then=[Read("audiences.list_members", ("vips",), lambda found: _members(found) == {"ana", "ben"})],
        ),
    ]


def _members(found: dict[str, list[dict[str, str]]]) -> set[str]:
    return {member["user_id"] for member in found["entries"]}
