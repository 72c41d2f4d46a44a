"""The grants of user tokens in secure mode, as raw requests: what each operation needs, and what tenants limit."""

from __future__ import annotations

from typing import Any

import pytest

from knock_sdk.testing import Simulator
from knock_sdk.testing.http.authentication import public_operations
from knock_sdk.testing.http.public_access import RULES
from knock_sdk.testing.http.router import OPERATIONS
from tests.support.signing_keys import PUBLIC, sign_claims

from ..support.pair import PUBLIC as PUBLIC_KEY
from ..support.pair import SECRET, http

API = "https://api.knock.app/v1"


def test_each_public_operation_has_a_rule() -> None:
    assert RULES.keys() == public_operations()
    assert len(RULES) > 50


# The operations that a grant on the user allows. Those on objects are below.
NEEDED: dict[str, list[tuple[str, str]]] = {
    "user/read": [("GET", "/v1/users/ana")],
    "user/write": [("PUT", "/v1/users/ana")],
    "preferences/read": [
        ("GET", "/v1/users/ana/preferences"),
        ("GET", "/v1/users/ana/preferences/default"),
        ("GET", "/v1/users/ana/preferences/acme"),
        ("GET", "/v1/users/ana/preference_center/config"),
    ],
    "preferences/write": [
        ("PUT", "/v1/users/ana/preferences/default"),
        *(("PUT", f"/v1/users/ana/preferences/acme/{part}") for part in ("categories", "categories/x")),
        *(("PUT", f"/v1/users/ana/preferences/acme/{part}") for part in ("workflows", "workflows/x")),
        *(("PUT", f"/v1/users/ana/preferences/acme/{part}") for part in ("channel_types", "channel_types/email")),
    ],
    "channel_data/read": [("GET", "/v1/users/ana/channel_data/{push}")],
    "channel_data/write": [
        ("PUT", "/v1/users/ana/channel_data/{push}"),
        ("DELETE", "/v1/users/ana/channel_data/{push}"),
    ],
    "user/feed_read": [
        ("GET", "/v1/users/ana/feeds/{feed}"),
        ("GET", "/v1/users/ana/feeds/{feed}?tenant=acme"),
        ("GET", "/v1/users/ana/feeds/{feed}/settings"),
        ("GET", "/v1/messages/{message}"),
    ],
    "user/feed_write": [
        *(("PUT", f"/v1/messages/{{message}}/{status}") for status in ("seen", "read", "archived", "interacted")),
        *(
            ("DELETE", f"/v1/messages/{{message}}/{status}")
            for each in ("seen", "read", "archived")
            for status in (each, f"un{each}")
        ),
        *(
            ("POST", f"/v1/messages/batch/{status}")
            for status in ("seen", "unseen", "read", "unread", "archived", "unarchived", "interacted")
        ),
        ("POST", "/v1/channels/{feed}/messages/bulk/read"),
    ],
    "user/guide_read": [("GET", "/v1/users/ana/guides/{guides}")],
    "user/guide_write": [
        ("PUT", f"/v1/users/ana/guides/messages/{more}{status}")
        for more in ("", "m/")
        for status in ("seen", "interacted", "archived")
    ],
}
ON_OBJECTS: dict[str, list[tuple[str, str]]] = {
    "channel_data/read": [("GET", "/v1/objects/$tenants/acme/channel_data/{push}")],
    "channel_data/write": [("PUT", "/v1/objects/$tenants/acme/channel_data/{push}")],
    "slack/channels_read": [
        ("GET", "/v1/providers/slack/{slack}/auth_check?access_token_object={holder}"),
        ("GET", "/v1/providers/slack/{slack}/channels?access_token_object={holder}"),
        ("PUT", "/v1/providers/slack/{slack}/revoke_access?access_token_object={holder}"),
    ],
    "ms_teams/channels_read": [
        ("GET", "/v1/providers/ms-teams/{teams}/auth_check?ms_teams_tenant_object={holder}"),
        ("GET", "/v1/providers/ms-teams/{teams}/teams?ms_teams_tenant_object={holder}"),
        ("GET", "/v1/providers/ms-teams/{teams}/channels?ms_teams_tenant_object={holder}&team_id=x"),
        ("PUT", "/v1/providers/ms-teams/{teams}/revoke_access?ms_teams_tenant_object={holder}"),
    ],
}


class Scene:
    """A simulator with a message, and the ids that paths and bodies contain."""

    def __init__(self) -> None:
        self.sim = Simulator(signing_key=PUBLIC)
        self.sim.workflow("comment", channels=["in_app_feed"])
        guide_id = self.sim.guide("tour", content={"title": "Hello"})
        with self.sim.client() as client:
            client.users.update("ana")
            client.workflows.trigger("comment", recipients=["ana"], tenant="acme")
            (guide,) = client.users.guides.get_channel("ana", self.sim.channel("in_app_guide").id).entries
        self.ids = {
            "feed": self.sim.channel("in_app_feed").id,
            "guides": self.sim.channel("in_app_guide").id,
            "holder": '{"object_id":"acme","collection":"$tenants"}',
            "message": self.sim.messages(to="ana")[0].id,
            "push": self.sim.channel("push").id,
            "slack": self.sim.channel("slack", type="chat", provider="chat_slack").id,
            "teams": self.sim.channel("teams", type="chat", provider="chat_ms_teams").id,
        }
        self.guide = {
            "channel_id": self.ids["guides"],
            "content": {},
            "guide_id": guide_id,
            "guide_key": "tour",
            "guide_step_ref": guide.steps[0].ref,
        }

    def ask(self, token: str, method: str, target: str) -> tuple[int, str]:
        """Send a request with a fitting body; return the status and the code."""
        body: Any = None if method in ("GET", "DELETE") else {}
        if "/messages/batch/" in target:
            body = {"message_ids": [self.ids["message"]]}
        elif "/guides/" in target and method != "GET":
            body = self.guide
        elif target.endswith("/channel_types/email"):
            body = {"subscribed": True}
        elif "/channel_data/" in target and method == "PUT":
            body = {"data": {"tokens": ["t"]}}
        for name, value in self.ids.items():
            target = target.replace("{" + name + "}", value)
        response, answer = http(self.sim, method, target, body, key=PUBLIC_KEY, x_knock_user_token=token)
        return response.status, answer.get("code", "") if isinstance(answer, dict) else ""


@pytest.fixture(scope="module")
def scene() -> Scene:
    return Scene()


def explicit(**grants: list[str]) -> str:
    """Return a token with explicit grants, by URI below the API's."""
    claim = {f"{API}/{uri}": {name: [{}] for name in names} for uri, names in grants.items()}
    return sign_claims({"sub": "ana", "grants": claim, "explicit_grants": True})


@pytest.mark.parametrize(
    ("name", "method", "target"), [(name, *each) for name, found in NEEDED.items() for each in found]
)
def test_the_grant_that_an_operation_needs(scene: Scene, name: str, method: str, target: str) -> None:
    others = [other for other in (*NEEDED, *ON_OBJECTS) if other != name]
    assert scene.ask(explicit(**{"users/ana": others}), method, target) == (403, "authorization")
    assert scene.ask(explicit(**{"users/bob": [name]}), method, target) == (403, "authorization")
    status, code = scene.ask(explicit(**{"users/ana": [name]}), method, target)
    nothing_stored = (404, "resource_missing") if name == "channel_data/read" else None
    assert status < 300 or (status, code) == nothing_stored


@pytest.mark.parametrize(
    ("name", "method", "target"), [(name, *each) for name, found in ON_OBJECTS.items() for each in found]
)
def test_the_grant_on_an_object_that_an_operation_needs(scene: Scene, name: str, method: str, target: str) -> None:
    own = [*NEEDED, *ON_OBJECTS]
    others = [other for other in own if other != name]
    refused = (403, "authorization")
    for wrong in ({"users/ana": own}, {"tenants/acme": others}, {"tenants/x": own}, {"objects/x/acme": own}):
        assert scene.ask(explicit(**wrong), method, target) == refused
    assert scene.ask(sign_claims({"sub": "ana"}), method, target) == refused
    for uri in ("tenants/acme", "objects/$tenants/acme", "objects/%24tenants/acme"):
        status, message = message_of(scene, explicit(**{uri: [name]}), method, target)
        # The tenant has no credentials of Slack and Microsoft Teams, and at first no channel data.
        assert status < 300 or message in NOTHING_STORED or message.startswith("The channel data for the channel ")


NOTHING_STORED = ("Access token not set.", "Microsoft Teams tenant ID not set.")


def message_of(scene: Scene, token: str, method: str, target: str) -> tuple[int, str]:
    """Return the status and the message of a response."""
    scene.ask(token, method, target)
    request = scene.sim.requests[-1]
    return request.status or 0, (request.error or "").partition(": ")[2]


def test_every_operation_of_the_table_is_tested() -> None:
    templates = {f"{operation.method} {operation.path}" for operation in OPERATIONS if operation.name in RULES}
    assert len(templates) == len(RULES)
    assert sum(len({*found}) for table in (NEEDED, ON_OBJECTS) for found in table.values()) >= len(RULES)


LIMITED = {f"{API}/tenants/acme": {"user/feed_read": [{}]}}
BOTH = {**LIMITED, f"{API}/users/ana": {"user/feed_read": [{}], "preferences/read": []}}
DECISIONS = [
    # grants, explicit, tenant; whether reading the feed, and reading and writing preferences, are allowed
    ({}, False, None, ("yes", "yes", "yes")),
    ({}, False, "acme", ("yes", "yes", "yes")),
    ({}, True, None, ("no", "no", "no")),
    ({}, True, "acme", ("no", "no", "no")),
    (LIMITED, True, None, ("no", "no", "no")),
    (LIMITED, True, "acme", ("yes", "no", "no")),
    (LIMITED, True, "x", ("no", "no", "no")),
    (LIMITED, False, None, ("no", "no", "no")),
    (LIMITED, False, "acme", ("yes", "yes", "yes")),
    (LIMITED, False, "x", ("no", "no", "no")),
    (BOTH, True, None, ("yes", "yes", "no")),
    (BOTH, True, "acme", ("yes", "no", "no")),
    (BOTH, True, "x", ("no", "no", "no")),
    (BOTH, False, None, ("yes", "yes", "no")),
    (BOTH, False, "acme", ("yes", "yes", "yes")),
    (BOTH, False, "x", ("no", "no", "no")),
]


@pytest.mark.parametrize(("grants", "explicit", "tenant", "allowed"), DECISIONS)
def test_tenants_limit_feeds_and_preferences(
    scene: Scene, grants: Any, explicit: bool, tenant: str | None, allowed: tuple[str, str, str]
) -> None:
    token = sign_claims({"sub": "ana", "grants": grants, "explicit_grants": explicit})
    query = f"?tenant={tenant}" if tenant else ""
    preferences = f"/v1/users/ana/preferences/{tenant or 'default'}"
    expected = {"yes": (200, ""), "no": (403, "authorization")}
    asked = [("GET", f"/v1/users/ana/feeds/{{feed}}{query}"), ("GET", preferences), ("PUT", preferences)]
    assert [scene.ask(token, *each) for each in asked] == [expected[each] for each in allowed]
    # What tenants do not limit is allowed unless grants are explicit.
    assert scene.ask(token, "GET", "/v1/users/ana") == expected["no" if explicit else "yes"]


@pytest.mark.parametrize(("tenant", "status"), [("acme", 200), ("x", 403)])
def test_messages_belong_to_their_tenant(scene: Scene, tenant: str, status: int) -> None:
    token = explicit(**{f"tenants/{tenant}": ["user/feed_write", "user/feed_read"]})
    for method, target in (
        ("PUT", "/v1/messages/{message}/read"),
        ("POST", "/v1/messages/batch/seen"),
        ("GET", "/v1/messages/{message}"),
    ):
        assert scene.ask(token, method, target)[0] == status
    bulk = f"/v1/channels/{scene.ids['feed']}/messages/bulk/read"
    for body, expected in (({"tenants": ["acme"]}, status), ({"tenants": ["acme", "y"]}, 403), ({}, 403)):
        response, _ = http(scene.sim, "POST", bulk, body, key=PUBLIC_KEY, x_knock_user_token=token)
        assert response.status == expected


def test_a_secret_key_needs_no_token(scene: Scene) -> None:
    for token in ({}, {"x_knock_user_token": "nonsense"}):
        response, _ = http(scene.sim, "GET", "/v1/users/ana", key=SECRET, **token)
        assert response.status == 200
