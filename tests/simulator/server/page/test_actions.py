"""What can be done with a message on its page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from knock_sdk.testing import Send
from tests.simulator.server.page.conftest import send

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator
    from tests.simulator.server.page.conftest import Site


def engagement(sim: Simulator) -> list[str]:
    (message,) = sim.messages()
    return list(message.engagement_statuses or ())


@pytest.mark.parametrize("channel", ["in_app_feed", "email", "sms", "http"])
def test_each_button_does_what_it_says(site: Site, sim: Simulator, channel: str) -> None:
    message = send(sim, Send(channel))
    for button, status in (("seen", "seen"), ("read", "read"), ("archived", "archived")):
        assert site.message(message).all("button", value=button)
        response = site.act(message, action=button)
        assert (response.status_code, response.headers["location"]) == (303, f"/messages/{message}")
        assert status in engagement(sim)
        page = site.message(message)
        assert page.all("button", value=button) == []
        assert status in page.one("p", id="state").text
        assert page.all("button", value=f"un{button}")
    for button in ("unarchived", "unread", "unseen"):
        site.act(message, action=button)
    assert engagement(sim) == []
    site.act(message, action="interacted")
    assert engagement(sim) == ["read", "interacted"]


def test_a_click_on_a_link_is_recorded(site: Site, sim: Simulator) -> None:
    message = send(sim, Send("sms", template={"text_body": "See https://park.example/c?a=1&b=2."}))
    page = site.message(message)
    url = page.one("input", name="url").attributes["value"]
    assert url == "https://park.example/c?a=1&b=2"
    assert page.all("a", href=url) == []  # nothing follows it
    response = site.act(message, action="link_clicked", url=url)
    assert response.status_code == 303
    assert engagement(sim) == ["read", "link_clicked"]
    assert url in site.message(message).one("ol", class_="timeline").text


@pytest.mark.parametrize(("channel", "can"), [("email", True), ("sms", True), ("in_app_feed", False), ("http", False)])
def test_what_is_delivered_by_a_provider_can_bounce(site: Site, sim: Simulator, channel: str, can: bool) -> None:
    message = send(sim, Send(channel))
    assert bool(site.message(message).all("button", value="bounced")) is can
    response = site.act(message, action="bounced")
    assert response.status_code == (303 if can else 400)
    sim.advance(minutes=10)
    assert (sim.messages()[0].status == "bounced") is can  # its delivery does not continue
    assert site.message(message).all("button", value="bounced") == []


def test_a_bounce_of_a_push_message_removes_its_token(site: Site, sim: Simulator) -> None:
    channel = sim.channel("apns", type="push", provider="push_apns")
    with sim.client() as client:
        client.users.set_channel_data("jhammond", channel.id, data={"tokens": ["device-token-012345"]})
        message = send(sim, Send("apns"))
        site.act(message, action="bounced")
        assert client.users.get_channel_data("jhammond", channel.id).data.tokens == []
    assert "device-token" not in site.message(message).response.text


def test_webhooks_are_told(site: Site, sim: Simulator) -> None:
    told: list[str] = []
    sim.webhook(lambda body, _: told.append(json.loads(body)["type"]), events=["message.read"])
    message = send(sim, Send("in_app_feed"))
    site.act(message, action="read")
    assert told == ["message.read"]


@pytest.mark.parametrize("form", [{}, {"action": "explode"}, {"action": "link_clicked"}, {"action": "undelivered"}])
def test_an_unknown_action_is_refused_on_a_page(site: Site, sim: Simulator, form: dict[str, str]) -> None:
    message = send(sim, Send("email"))
    response = site.act(message, **form)
    assert response.status_code == 400
    assert "takes" in response.text
    assert engagement(sim) == []


def test_an_action_on_a_message_that_does_not_exist_is_refused(site: Site) -> None:
    response = site.act("nothing", action="read")
    assert response.status_code == 404
    assert "There is no message nothing" in response.text


def test_actions_take_no_other_method(site: Site, sim: Simulator) -> None:
    message = send(sim, Send("email"))
    assert site.http.get(f"/messages/{message}/actions").status_code == 405
    assert site.http.post(f"/messages/{message}", data={"action": "read"}).status_code == 405
    assert engagement(sim) == []
