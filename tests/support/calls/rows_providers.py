"""Rows of chat providers, and of the integrations that data platforms call."""

from __future__ import annotations

from typing import Final

from knock_sdk import types as t

from .row import PageOf, Row
from .samples import CHANNEL, UUID

TEAMS: Final = f"/v1/providers/ms-teams/{CHANNEL}"
SLACK: Final = f"/v1/providers/slack/{CHANNEL}"
OWNER: Final = '{"object_id":"acme","collection":"projects"}'
TENANT: Final = {"ms_teams_tenant_object": OWNER}
TOKEN: Final = {"access_token_object": OWNER}
CALL: Final = {"id": "call-14", "jsonrpc": "2.0", "method": "list_objects", "params": {"search": "user"}}
SIGNS: Final = [("$", ""), ("", ""), ("_", "it sends the underscore as it stands")]
"""Spellings of Microsoft Graph's options; each is sent with a dollar sign."""

MS_TEAMS = [
    Row(
        "GET /v1/providers/ms-teams/{channel_id}/auth_check",
        "providers.ms_teams.check_auth",
        (CHANNEL,),
        TENANT,
        f"{TEAMS}/auth_check",
        t.MsTeamsAuthCheckResponse,
        query=[("ms_teams_tenant_object", OWNER)],
    ),
    Row(
        "GET /v1/providers/ms-teams/{channel_id}/auth_check",
        "providers.ms_teams.check_auth",
        (CHANNEL,),
        {"ms_teams_tenant_object": {"object_id": "acme", "collection": "projects"}},
        f"{TEAMS}/auth_check",
        t.MsTeamsAuthCheckResponse,
        query=[("ms_teams_tenant_object", OWNER)],
        only_ours="it takes the object as text only",
    ),
    *(
        Row(
            "GET /v1/providers/ms-teams/{channel_id}/channels",
            "providers.ms_teams.list_channels",
            (CHANNEL,),
            {
                **TENANT,
                "team_id": UUID,
                "query_options": {f"{sign}filter": "displayName eq 'Billing'", f"{sign}select": "id,displayName"},
            },
            f"{TEAMS}/channels",
            t.ChannelsForMsTeamsProviderResponse,
            query=[
                ("ms_teams_tenant_object", OWNER),
                ("team_id", UUID),
                ("query_options[$filter]", "displayName eq 'Billing'"),
                ("query_options[$select]", "id,displayName"),
            ],
            only_ours=reason,
        )
        for sign, reason in SIGNS
    ),
    *(
        Row(
            "GET /v1/providers/ms-teams/{channel_id}/teams",
            "providers.ms_teams.list_teams",
            (CHANNEL,),
            {
                **TENANT,
                "query_options": {
                    f"{sign}filter": "startsWith(displayName,'F')",
                    f"{sign}select": "id",
                    f"{sign}skiptoken": "RFNwdAIAAQAAAB4",
                    f"{sign}top": 5,
                },
            },
            f"{TEAMS}/teams",
            PageOf(t.MsTeamsTeam),
            query=[
                ("ms_teams_tenant_object", OWNER),
                ("query_options[$filter]", "startsWith(displayName,'F')"),
                ("query_options[$select]", "id"),
                ("query_options[$skiptoken]", "RFNwdAIAAQAAAB4"),
                ("query_options[$top]", "5"),
            ],
            only_ours=reason,
        )
        for sign, reason in SIGNS
    ),
    Row(
        "PUT /v1/providers/ms-teams/{channel_id}/revoke_access",
        "providers.ms_teams.revoke_access",
        (CHANNEL,),
        TENANT,
        f"{TEAMS}/revoke_access",
        t.SuccessResponse,
        query=[("ms_teams_tenant_object", OWNER)],
    ),
]

SLACK_ROWS = [
    Row(
        "GET /v1/providers/slack/{channel_id}/auth_check",
        "providers.slack.check_auth",
        (CHANNEL,),
        TOKEN,
        f"{SLACK}/auth_check",
        t.SlackAuthCheckResponse,
        query=[("access_token_object", OWNER)],
    ),
    Row(
        "GET /v1/providers/slack/{channel_id}/channels",
        "providers.slack.list_channels",
        (CHANNEL,),
        {
            **TOKEN,
            "query_options": {
                "cursor": "dGVhbTpDMDYxRkE1UEI=",
                "exclude_archived": True,
                "limit": 200,
                "team_id": "T0003ACME",
                "types": "public_channel,private_channel",
            },
        },
        f"{SLACK}/channels",
        PageOf(t.SlackChannel),
        query=[
            ("access_token_object", OWNER),
            ("query_options[cursor]", "dGVhbTpDMDYxRkE1UEI="),
            ("query_options[exclude_archived]", "true"),
            ("query_options[limit]", "200"),
            ("query_options[team_id]", "T0003ACME"),
            ("query_options[types]", "public_channel,private_channel"),
        ],
    ),
    Row(
        "PUT /v1/providers/slack/{channel_id}/revoke_access",
        "providers.slack.revoke_access",
        (CHANNEL,),
        TOKEN,
        f"{SLACK}/revoke_access",
        t.SuccessResponse,
        query=[("access_token_object", OWNER)],
    ),
]

INTEGRATIONS = [
    Row(
        "POST /v1/integrations/census/custom-destination",
        "integrations.census.custom_destination",
        (),
        CALL,
        "/v1/integrations/census/custom-destination",
        t.RpcResponse,
        body=CALL,
    ),
    Row(
        "POST /v1/integrations/hightouch/embedded-destination",
        "integrations.hightouch.embedded_destination",
        (),
        CALL,
        "/v1/integrations/hightouch/embedded-destination",
        t.RpcResponse,
        body=CALL,
    ),
]

ROWS = [*MS_TEAMS, *SLACK_ROWS, *INTEGRATIONS]
