"""Parameters that name the object with a credential: JSON text, or as Knock's client for browsers spells them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from ..support.pair import PUBLIC, http

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator

AS_TEXT = quote('{"object_id":"acme","collection":"$tenants"}')
PROVIDERS = [
    ("chat_slack", "slack", "access_token_object"),
    ("chat_ms_teams", "ms-teams", "ms_teams_tenant_object"),
]
UNSET = {"slack": "Access token not set.", "ms-teams": "Microsoft Teams tenant ID not set."}


@pytest.mark.parametrize(("provider", "path", "name"), PROVIDERS)
@pytest.mark.parametrize("form", ["{0}=" + AS_TEXT, "{0}[object_id]=acme&{0}[collection]=%24tenants&channel_id=x"])
def test_both_forms_name_the_object(sim: Simulator, provider: str, path: str, name: str, form: str) -> None:
    channel = sim.channel("chats", type="chat", provider=provider).id
    target = f"/v1/providers/{path}/{channel}/auth_check?{form.format(name)}"
    response, _ = http(sim, "GET", target, key=PUBLIC)
    assert response.status != 422
    assert UNSET[path] in response.body.decode()


@pytest.mark.parametrize(("provider", "path", "name"), PROVIDERS)
def test_a_missing_field_is_named_in_both_forms(sim: Simulator, provider: str, path: str, name: str) -> None:
    channel = sim.channel("chats", type="chat", provider=provider).id
    for value in ("[object_id]=acme", "=" + quote('{"object_id":"acme"}')):
        response, _ = http(sim, "GET", f"/v1/providers/{path}/{channel}/auth_check?{name}{value}", key=PUBLIC)
        assert response.status == 422
        assert f"{name}.collection" in response.body.decode()
