"""The grants of user tokens in secure mode, as raw requests: what each operation needs, and what tenants limit."""

from __future__ import annotations

from typing import Any

import pytest

from knock_sdk.testing import Simulator
from knock_sdk.testing.http.authentication import public_operations
from knock_sdk.testing.http.public_access import RULES
from knock_sdk.testing.http.router import Router
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
        ("GET", "/v1/providers/ms-teams/{teams}/channels?ms_teams_tenant_object={holder}&team_id={team}"),
        ("PUT", "/v1/providers/ms-teams/{teams}/revoke_access?ms_teams_tenant_object={holder}"),
    ],
}


ENTRA = "123e4567-e89b-12d3-a456-426614174000"
"""Id of a tenant of Microsoft Entra."""


class Scene:
    """A simulator with a message, and the ids that paths and bodies contain."""

    def __init__(self) -> None:
        self.sim = Simulator(signing_key=PUBLIC)
        self.sim.workflow("comment", channels=["in_app_feed"])
        guide_id = self.sim.guide("tour", content={"title": "Hello"})
        self.sim.slack("xoxb-1")
        self.sim.ms_teams(ENTRA, teams={"Sales": ["General"]})
        self.ids = {
            "feed": self.sim.channel("in_app_feed").id,
            "guides": self.sim.channel("in_app_guide").id,
            "holder": '{"object_id":"acme","collection":"$tenants"}',
            "push": self.sim.channel("push").id,
            "slack": self.sim.channel("slack", type="chat", provider="chat_slack").id,
            "teams": self.sim.channel("teams", type="chat", provider="chat_ms_teams").id,
        }
        with self.sim.client() as client:
            client.users.update("ana")
            client.users.set_channel_data("ana", self.ids["push"], data={"tokens": ["t"]})
            for channel, data in (
                ("push", {"tokens": ["t"]}),
                ("slack", {"connections": [], "token": {"access_token": "xoxb-1"}}),
                ("teams", {"connections": [], "ms_teams_tenant_id": ENTRA}),
            ):
                client.objects.set_channel_data("$tenants", "acme", self.ids[channel], data=data)
            client.workflows.trigger("comment", recipients=["ana"], tenant="acme")
            (team,) = client.providers.ms_teams.list_teams(
                self.ids["teams"], ms_teams_tenant_object={"collection": "$tenants", "object_id": "acme"}
            ).items
            (guide,) = client.users.guides.get_channel("ana", self.sim.channel("in_app_guide").id).entries
        self.ids["team"] = team.id
        self.ids["message"] = self.sim.messages(to="ana")[0].id
        self.guide = {
            "channel_id": self.ids["guides"],
            "content": {},
            "guide_id": guide_id,
            "guide_key": "tour",
            "guide_step_ref": guide.steps[0].ref,
        }
        self._start = self.sim.snapshot()

    def start_again(self) -> None:
        """Return to the state before the first request with a token."""
        self.sim.restore(self._start)

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
def made_scene() -> Scene:
    return Scene()


@pytest.fixture
def scene(made_scene: Scene) -> Scene:
    made_scene.start_again()
    return made_scene


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
    no_content = method == "DELETE" and "/channel_data/" in target
    assert scene.ask(explicit(**{"users/ana": [name]}), method, target) == (204 if no_content else 200, "")


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
        assert scene.ask(explicit(**{uri: [name]}), method, target) == (200, "")
        scene.start_again()


def test_every_operation_of_the_table_is_tested(scene: Scene) -> None:
    router = Router()
    found = {
        router.find(method, target.replace("{", "").replace("}", "").partition("?")[0]).operation.name
        for table in (NEEDED, ON_OBJECTS)
        for each in table.values()
        for method, target in each
    }
    assert found == set(RULES)


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


@pytest.mark.parametrize(
    ("granted", "query", "status"),
    [
        (["acme"], "acme", 200),
        (["acme"], "acme?tenant=acme", 200),
        (["acme"], "acme?tenant=globex", 403),
        (["globex"], "acme?tenant=globex", 403),
        (["acme", "globex"], "acme?tenant=globex", 200),
        (["acme"], "default", 403),
        (["acme"], "default?tenant=acme", 200),
        (["acme"], "default?tenant=globex", 403),
        (["acme"], "default?tenant[]=acme", 422),
    ],
)
def test_defaults_of_a_tenant_need_its_grant(scene: Scene, granted: list[str], query: str, status: int) -> None:
    token = explicit(**{f"tenants/{tenant}": ["preferences/read", "preferences/write"] for tenant in granted})
    assert scene.ask(token, "GET", f"/v1/users/ana/preferences/{query}")[0] == status


def test_a_set_that_is_written_belongs_to_no_tenant_of_the_query(scene: Scene) -> None:
    token = explicit(**{"tenants/acme": ["preferences/write"]})
    assert scene.ask(token, "PUT", "/v1/users/ana/preferences/default?tenant=acme") == (403, "authorization")


SETS = {"default": {"channel_types": {"email": False}}, "acme": {"channel_types": {"sms": False}}}


@pytest.mark.parametrize(
    ("body", "grants", "missing"),
    [
        ({"name": "A"}, {"users/ana": ["user/write"]}, None),
        ({"preferences": {}, "channel_data": {}}, {"users/ana": ["user/write"]}, None),
        ({"preferences": SETS}, {"users/ana": ["user/write"]}, "preferences/write"),
        ({"preferences": SETS}, {"users/ana": ["user/write", "preferences/write"]}, None),
        (
            {"preferences": SETS},
            {"users/ana": ["user/write"], "tenants/acme": ["preferences/write"]},
            "preferences/write without a tenant",
        ),
        (
            {"preferences": SETS},
            {"users/ana": ["user/write", "preferences/write"], "tenants/x": ["preferences/write"]},
            "preferences/write in the tenant 'acme'",
        ),
        (
            {"preferences": SETS},
            {"users/ana": ["user/write", "preferences/write"], "tenants/acme": ["preferences/write"]},
            None,
        ),
        ({"channel_data": {"push": {"tokens": ["t"]}}}, {"users/ana": ["user/write"]}, "channel_data/write"),
        ({"channel_data": {"push": {"tokens": ["t"]}}}, {"users/ana": ["user/write", "channel_data/write"]}, None),
    ],
)
def test_fields_of_a_user_need_the_grants_of_their_own_operations(
    scene: Scene, body: dict[str, Any], grants: dict[str, list[str]], missing: str | None
) -> None:
    if "push" in body.get("channel_data", {}):
        body = {"channel_data": {scene.ids["push"]: body["channel_data"]["push"]}}
    before = http(scene.sim, "GET", "/v1/users/ana/preferences")[1]
    response, answer = http(
        scene.sim, "PUT", "/v1/users/ana", body, key=PUBLIC_KEY, x_knock_user_token=explicit(**grants)
    )
    after = http(scene.sim, "GET", "/v1/users/ana/preferences")[1]
    if missing is None:
        assert response.status == 200
        assert {each["id"] for each in after} == set(body.get("preferences", ()))
    else:
        assert (response.status, answer["code"]) == (403, "authorization")
        assert missing in answer["message"]
        assert after == before
