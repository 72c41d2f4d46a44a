"""The preference center: its configuration for a user, and signed URLs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from knock_sdk import NotFoundError
from knock_sdk.testing import Send
from tests.simulator.support.pair import PUBLIC, http

from ..rules.table import rule

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator


@pytest.fixture
def knock(knock: Any) -> Any:
    knock.users.update("ana", email="ana@x.example")
    knock.users.update("ben")
    return knock


def test_the_preference_center_is_disabled_until_declared(knock: Any) -> None:
    config = knock.users.preference_center.get_config("ana")
    assert (config.enabled, config.account_name) == (False, None)
    assert set(config.branding.model_dump(exclude={"dark"}).values()) == {None}
    assert config.branding.dark is None
    assert config.knock_branding_required is False


@rule("preferences/custom-preference-center", "the configuration has the texts, the rows and the branding of the page")
def test_a_declared_configuration_is_returned(knock: Any, sim: Simulator) -> None:
    rows = [
        {"type": "category", "name": "News", "identifier": "news", "description": "Now and then"},
        {"type": "channel_types", "name": "Mail", "identifier": None, "channel_types": ["email", "in_app_feed"]},
    ]
    sim.preference_center(
        title="What you get",
        body="Choose.",
        rows=rows,
        account_name="Acme",
        show_account_name=False,
        branding={"logo_url": "https://x.example/l.png", "dark": {"primary_color": "#000000"}},
        branding_required=True,
    )
    config = knock.users.preference_center.get_config("ana")
    assert (config.enabled, config.account_name, config.knock_branding_required) == (True, "Acme", True)
    assert (config.config.title, config.config.body) == ("What you get", "Choose.")
    assert config.config.show_account_name is False
    assert [row.model_dump(exclude_unset=True) for row in config.config.rows[:2]] == rows
    assert (config.branding.logo_url, config.branding.primary_color) == ("https://x.example/l.png", None)
    assert (config.branding.dark.logo_url, config.branding.dark.primary_color) == (None, "#000000")
    sim.preference_center(enabled=False)
    again = knock.users.preference_center.get_config("ana")
    assert (again.enabled, again.branding.dark) == (False, None)


@rule("preferences/hosted-preference-center", "the row about commercial messages is always there")
@pytest.mark.parametrize(
    ("types", "shown"),
    [
        (None, ["commercial_subscribed"]),
        (["channel_types"], ["channel_types", "commercial_subscribed"]),
        (["commercial_subscribed", "channel_types"], ["commercial_subscribed", "channel_types"]),
    ],
)
def test_the_commercial_row_cannot_be_removed(
    knock: Any, sim: Simulator, types: list[str] | None, shown: list[str]
) -> None:
    if types is not None:
        sim.preference_center(rows=[{"type": each, "name": each.title()} for each in types])
    rows = knock.users.preference_center.get_config("ana").config.rows
    assert [row.type for row in rows] == shown
    assert all(row.name for row in rows)


@rule("preferences/hosted-preference-center", "a page that is disabled still has its configuration")
def test_a_disabled_page_has_its_configuration(knock: Any, sim: Simulator) -> None:
    row = {"type": "category", "name": "News", "identifier": "news"}
    sim.preference_center(title="Choose", rows=[row], enabled=False)
    config = knock.users.preference_center.get_config("ana")
    assert (config.enabled, config.config.title) == (False, "Choose")
    assert [each.type for each in config.config.rows] == ["category", "commercial_subscribed"]


@rule("api/PreferenceCenterConfigWithMetadata", "`user_email` is the email address, else the id")
def test_the_user_email_falls_back_to_the_id(knock: Any) -> None:
    emails = [knock.users.preference_center.get_config(name).user_email for name in ("ana", "ben")]
    assert emails == ["ana@x.example", "ben"]


@rule("preferences/hosted-preference-center", "the signed URL identifies the user, and never expires")
def test_a_signed_url_contains_a_token_of_the_user(knock: Any, sim: Simulator) -> None:
    ana, again, ben = (knock.users.preference_center.generate_signed_url(name) for name in ("ana", "ana", "ben"))
    assert ana == again
    assert ana.token != ben.token
    sim.advance(days=400)
    assert knock.users.preference_center.generate_signed_url("ana") == ana
    address = urlsplit(ana.url)
    assert address.path == f"/p/{ana.token}"
    assert (address.scheme, (address.hostname or "").rpartition(".")[2]) == ("https", "invalid")
    assert "ana" not in ana.url


@rule("preferences/hosted-preference-center", "the signed URL is that of the variable `manage_preferences_url`")
def test_the_signed_url_is_that_of_the_variable(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Send("in_app_feed", {"body": "{{ vars.manage_preferences_url }}"})])
    knock.workflows.trigger("w", recipients=["ana"])
    (block,) = knock.messages.get_content(sim.messages()[0].id).data.blocks
    assert knock.users.preference_center.generate_signed_url("ana").url in block.rendered


def test_an_unknown_user_is_not_found(knock: Any) -> None:
    for call in (knock.users.preference_center.get_config, knock.users.preference_center.generate_signed_url):
        with pytest.raises(NotFoundError) as error:
            call("nobody")
        assert error.value.code == "resource_missing"


@rule("api/generatePreferenceCenterSignedUrl", "only a secret key may sign the URL")
def test_only_a_secret_key_may_sign_urls(knock: Any, sim: Simulator) -> None:
    assert knock.users.get("ana")
    target = "/v1/users/ana/preference_center"
    assert http(sim, "GET", f"{target}/config", key=PUBLIC)[0].status == 200
    response, problem = http(sim, "POST", f"{target}/signed_url", key=PUBLIC)
    assert (response.status, problem["code"]) == (403, "incorrect_token_type")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"rows": [{"type": "category"}]}, "name"),
        ({"rows": [{"type": "category", "name": 1}]}, "name"),
        ({"branding": {"logo_url": 1}}, "logo_url"),
        ({"rows": [{"type": "categroy", "name": "News"}]}, r"rows\[0\].type: 'categroy' .*did you mean 'category'"),
        ({"rows": [{"type": "category", "name": "News"}]}, r"rows\[0\].identifier: is missing"),
    ],
)
def test_malformed_declarations_are_rejected(sim: Simulator, arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        sim.preference_center(**arguments)
