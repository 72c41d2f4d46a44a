"""The simulator's tenants: set, listed and deleted, one by one and in bulk; they are objects as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import NotFoundError, UnprocessableEntityError
from knock_sdk.testing import Simulator
from tests.simulator.support.pair import http

from ..rules.table import rule

if TYPE_CHECKING:
    from collections.abc import Callable

NO_EMAIL = {"channel_types": {"email": False}}


@rule("mtn/overview", "the properties of a tenant are at its top level")
def test_a_set_tenant_can_be_read(knock: Any) -> None:
    made = knock.tenants.set("acme", name="Acme", properties={"region": "eu"})
    assert made == knock.tenants.get("acme")
    assert (made.typename, made.id, made.name, made.settings) == ("Tenant", "acme", "Acme", None)
    assert made.properties == {"region": "eu"}
    assert knock.tenants.set("acme", properties={"seats": 3}).properties == {"region": "eu", "seats": 3}


@rule("mtn/overview", "a tenant is the object of the collection `$tenants`")
def test_a_tenant_is_an_object_and_the_reverse(knock: Any) -> None:
    knock.tenants.set("acme", name="Acme", settings={"branding": {"primary_color": "#112233"}})
    seen = knock.objects.get("$tenants", "acme")
    assert seen.properties["name"] == "Acme"
    assert seen.properties["settings"]["branding"] == {"primary_color": "#112233"}
    knock.objects.set("$tenants", "acme", properties={"region": "eu"})
    knock.objects.set("$tenants", "other", name="Other")
    assert knock.tenants.get("acme").properties == {"region": "eu"}
    assert [tenant.id for tenant in knock.tenants.list().items] == ["acme", "other"]
    knock.objects.delete("$tenants", "acme")
    with pytest.raises(NotFoundError):
        knock.tenants.get("acme")
    knock.tenants.delete("other")
    assert knock.objects.list("$tenants").items == []


@rule("mtn/overview", "a tenant can be a recipient")
def test_a_tenant_is_a_recipient(knock: Any, sim: Simulator) -> None:
    knock.tenants.set("acme", name="Acme")
    knock.workflows.trigger("w", recipients=[{"collection": "$tenants", "id": "acme"}], actor=None)
    assert len(sim.messages(to={"collection": "$tenants", "id": "acme"})) == 1
    assert len(knock.objects.list_messages("$tenants", "acme").items) == 1


def test_branding_is_complete_and_merged(knock: Any) -> None:
    knock.tenants.set("acme", settings={"branding": {"primary_color": "#112233", "icon_url": "https://a.example/i"}})
    branding = knock.tenants.set("acme", settings={"branding": {"icon_url": None}}).settings.branding
    assert branding.model_dump() == {
        "dark_icon_url": None,
        "dark_logo_url": None,
        "dark_primary_color": "#FFFFFF",
        "dark_primary_color_contrast": "#000000",
        "icon_url": None,
        "logo_url": None,
        "primary_color": "#112233",
        "primary_color_contrast": None,
    }
    assert knock.tenants.set("plain", settings={"preference_set": NO_EMAIL}).settings.branding is None


@rule(
    "mtn/per-tenant-preferences", "the set of a tenant is merged, unless its strategy is `replace`, and null clears it"
)
def test_the_preference_set_is_merged_replaced_and_cleared(knock: Any) -> None:
    def stored(preferences: Any) -> Any:
        settings = knock.tenants.set("acme", settings={"preference_set": preferences}).settings
        assert knock.tenants.get("acme").settings == settings
        return settings.preference_set and settings.preference_set.model_dump(exclude_none=True)

    assert stored(NO_EMAIL) == {"id": "default", **NO_EMAIL}
    both = {"channel_types": {"email": False, "sms": False}}
    assert stored({"channel_types": {"sms": False}}) == {"id": "default", **both}
    replaced = {"workflows": {"w": False}}
    assert stored({**replaced, "__persistence_strategy__": "replace"}) == {"id": "default", **replaced}
    assert stored(None) is None


@rule("api/getTenant", "`resolve_full_preference_settings` lays the set of a tenant over that of the environment")
def test_resolved_preferences_include_the_environments_default() -> None:
    sim = Simulator(default_preferences={"channel_types": {"email": True, "sms": False}})
    client = sim.client(strict=True)
    plain = client.tenants.set("acme", settings={"preference_set": NO_EMAIL})
    assert plain.settings is not None
    assert plain.settings.preference_set is not None
    assert plain.settings.preference_set.model_dump(exclude_none=True) == {"id": "default", **NO_EMAIL}
    full = client.tenants.get("acme", resolve_full_preference_settings=True)
    assert full.settings is not None
    assert full.settings.preference_set is not None
    assert full.settings.preference_set.model_dump(exclude_none=True) == {
        "id": "default",
        "channel_types": {"email": False, "sms": False},
    }
    assert client.tenants.set("acme", resolve_full_preference_settings=True).settings == full.settings
    client.tenants.set("bare")
    bare = client.tenants.get("bare", resolve_full_preference_settings=True)
    assert bare.settings is not None
    assert bare.settings.preference_set is not None
    assert bare.settings.preference_set.channel_types is not None
    assert client.tenants.get("bare").settings is None


@rule("mtn/per-tenant-preferences", "the set of a tenant applies to runs with it")
def test_a_tenants_preferences_apply_to_its_runs(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", channels=["in_app_feed", "email"])
    knock.users.update("ana", email="ana@x.example")
    knock.tenants.set("acme", settings={"preference_set": NO_EMAIL})
    knock.workflows.trigger("w", recipients=["ana"], tenant="acme")
    assert [skip.detail for skip in sim.skips()] == ["channel_types.email"]
    knock.workflows.trigger("w", recipients=["ana"])
    assert len(sim.skips()) == 1


@rule("mtn/overview", "a trigger with an unknown tenant creates it")
def test_a_trigger_creates_an_unknown_tenant(knock: Any) -> None:
    knock.workflows.trigger("w", recipients=[], tenant="new")
    knock.workflows.trigger("w", recipients=[], tenant={"id": "newer", "name": "Newer"})
    assert [(tenant.id, tenant.name) for tenant in knock.tenants.list().items] == [("new", None), ("newer", "Newer")]


def test_list_filters_and_pages(knock: Any) -> None:
    for name in ("c", "a", "b"):
        knock.tenants.set(name, name=name.upper())
    knock.tenants.set("d", name="A")

    def ids(**query: Any) -> list[str]:
        return [tenant.id for tenant in knock.tenants.list(**query).items]

    assert ids() == ["c", "a", "b", "d"]
    assert ids(name="A") == ["a", "d"]
    assert ids(tenant_id="b") == ["b"]
    assert ids(tenant_id="b", name="A") == []
    first = knock.tenants.list(page_size=3)
    assert ids(page_size=3, after=first.page_info.after) == ["d"]


def test_an_unknown_tenant_is_not_found_and_deleting_it_succeeds(knock: Any) -> None:
    with pytest.raises(NotFoundError, match="tenant 'nobody'"):
        knock.tenants.get("nobody")
    assert knock.tenants.delete("nobody") is None


def test_bulk_set_and_delete(knock: Any) -> None:
    knock.tenants.set("a", properties={"plan": "pro"})
    job = knock.tenants.bulk.set(tenants=["b", {"id": "a", "name": "A"}, {"id": "c", "settings": {"branding": {}}}])
    assert job.estimated_total_rows == 3
    assert [tenant.id for tenant in knock.tenants.list().items] == ["a", "b", "c"]
    assert (knock.tenants.get("a").name, knock.tenants.get("a").properties) == ("A", {"plan": "pro"})
    job = knock.tenants.bulk.delete(tenant_ids=["a", "b", "x"])
    while job.status != "completed":
        job = knock.bulk_operations.get(job.id)
    assert [item.id for item in job.error_items] == ["x"]
    assert [tenant.id for tenant in knock.tenants.list().items] == ["c"]


@pytest.mark.parametrize(
    ("method", "target", "body", "field"),
    [
        ("PUT", "/v1/tenants/acme", {"name": 5}, "name"),
        (
            "PUT",
            "/v1/tenants/acme",
            {"settings": {"preference_set": {"workflows": 1}}},
            "settings.preference_set.workflows",
        ),
        ("PUT", "/v1/tenants/acme?resolve_full_preference_settings=2", {}, "resolve_full_preference_settings"),
        ("POST", "/v1/tenants/bulk/delete", None, "tenant_ids"),
        ("POST", "/v1/tenants/bulk/set", {"tenants": [{"name": "A"}]}, "tenants.0.id"),
    ],
)
def test_malformed_requests_are_rejected(sim: Simulator, method: str, target: str, body: Any, field: str) -> None:
    response, problem = http(sim, method, target, body)
    assert (response.status, problem["code"]) == (422, "invalid_params")
    assert [error["field"] for error in problem["errors"]] == [field]
    assert sim.client().tenants.list().items == []


SETS: dict[str, tuple[Callable[[Any, Any], object], str]] = {
    "set": (lambda knock, sets: knock.tenants.set("acme", properties={"preferences": sets}), "preferences"),
    "bulk": (
        lambda knock, sets: knock.tenants.bulk.set(tenants=["a", {"id": "acme", "preferences": sets}]),
        "tenants.1.preferences",
    ),
    "trigger": (
        lambda knock, sets: knock.workflows.trigger(
            "w", recipients=["ana"], tenant={"id": "acme", "preferences": sets}
        ),
        "tenant.preferences",
    ),
    "object": (
        lambda knock, sets: knock.objects.set("$tenants", "acme", properties={"preferences": sets}),
        "preferences",
    ),
}
"""The ways to set a tenant's preference sets as a recipient, with the path of the sets in the request."""


@pytest.mark.parametrize(
    ("sets", "below"),
    [
        pytest.param("none", "", id="text"),
        pytest.param(["default"], "", id="list"),
        pytest.param({"default": None}, ".default", id="null"),
        pytest.param({"default": "none"}, ".default", id="set-is-text"),
        pytest.param({"default": {"workflows": "x"}}, ".default.workflows", id="section-is-text"),
        pytest.param({"default": {"channel_types": {"email": 1}}}, ".default.channel_types.email", id="setting"),
    ],
)
@pytest.mark.parametrize("way", SETS)
def test_preference_sets_of_a_tenant_are_validated(knock: Any, sim: Simulator, way: str, sets: Any, below: str) -> None:
    send, path = SETS[way]
    with pytest.raises(UnprocessableEntityError) as caught:
        send(knock, sets)
    assert caught.value.code == "invalid_params"
    assert [error.field for error in caught.value.errors] == [path + below]
    assert knock.tenants.list().items == []
    assert sim.messages() == []


@pytest.mark.parametrize("way", SETS)
def test_preference_sets_of_a_tenant_as_a_recipient_are_stored(knock: Any, way: str) -> None:
    send, _ = SETS[way]
    send(knock, {"default": NO_EMAIL})
    stored = knock.objects.get_preferences("$tenants", "acme", "default")
    assert stored.model_dump(exclude_none=True) == {"id": "default", **NO_EMAIL}
    assert knock.tenants.get("acme").settings is None


@pytest.mark.parametrize(
    "settings", [{"preference_set": {"workflows": {"w": {"conditions": [1]}}}}, {"preference_set": "all"}]
)
def test_preferences_of_a_tenant_that_is_set_as_an_object_are_validated(sim: Simulator, settings: Any) -> None:
    response, problem = http(sim, "PUT", "/v1/objects/$tenants/acme", {"settings": settings})
    assert response.status == 422
    assert problem["errors"][0]["field"].startswith("settings.preference_set")
    recipient = {"id": "acme", "collection": "$tenants", "settings": settings}
    response, problem = http(sim, "POST", "/v1/workflows/w/trigger", {"recipients": [recipient]})
    assert response.status == 422
    assert problem["errors"][0]["field"].startswith("recipients.0.settings.preference_set")
    assert sim.messages() == []


def test_settings_that_are_not_an_object_are_ignored(sim: Simulator) -> None:
    http(sim, "PUT", "/v1/objects/$tenants/acme", {"settings": "none"})
    client = sim.client(strict=True)
    assert client.tenants.get("acme").settings is None
    client.workflows.trigger("w", recipients=[{"id": "ana"}], tenant="acme")
    assert len(sim.messages()) == 1
