"""The page of a message, by the type of its channel: what its receiver sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk.testing import Send
from tests.simulator.server.page.conftest import send, send_chat

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator
    from tests.simulator.server.page.conftest import Site


def test_an_email_is_shown_as_html_and_text_with_its_headers(site: Site, sim: Simulator) -> None:
    sim.channel("postmark", type="email", provider="email_postmark")
    html = '<div style="display:none">At dawn.</div><p>Dear {{ recipient.name }}</p><img src="https://x.example/a.png">'
    overrides = {"from_address": "park@ingen.example", "from_name": "The park", "cc_address": "cc@ingen.example"}
    template = {"subject": "Your {{ thing }}", "html_body": html, "text_body": "Dear {{ recipient.name }}!"}
    page = site.message(send(sim, Send("postmark", template=template, overrides=overrides), data={"thing": "tour"}))
    assert page.one("h1").text == "Your tour"
    headers = page.one("dl", class_="headers").text
    for text in (
        "The park <park@ingen.example>",
        "john@ingen.example",
        "cc@ingen.example",
        "Preview At dawn. Dear John",
    ):
        assert text in headers
    frame = page.one("iframe")
    assert frame.attributes["sandbox"] == ""
    assert page.one("pre", aria_label="The email as text").text == "Dear John Hammond!"
    assert "<p>Dear John Hammond</p>" in page.one("pre", aria_label="HTML source").text
    assert "1 image is not loaded" in page.text
    assert "<p>Dear John Hammond</p>" in site.http.get(frame.attributes["src"]).text


def test_an_sms_is_shown_with_its_length(site: Site, sim: Simulator) -> None:
    message = send(sim, Send("sms", template={"text_body": "Code {{ code }} ✓"}), data={"code": "1 < 2"})
    page = site.message(message)
    assert page.one("div", class_="bubble").text == "Code 1 < 2 ✓"
    assert "12 characters, 1 segment (UCS-2)" in page.text
    assert "+15555550100" in page.text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a" * 160, "160 characters, 1 segment (GSM-7)"),
        ("a" * 161, "161 characters, 2 segments (GSM-7)"),
        ("€" * 80, "160 characters, 1 segment (GSM-7)"),
        ("ж" * 71, "71 characters, 2 segments (UCS-2)"),
        ("🦖" * 35, "70 characters, 1 segment (UCS-2)"),
    ],
)
def test_the_segments_of_an_sms_are_counted(site: Site, sim: Simulator, text: str, shown: str) -> None:
    assert shown in site.message(send(sim, Send("sms", template={"text_body": text}))).text


def test_a_push_message_is_a_notification_without_its_token(site: Site, sim: Simulator) -> None:
    channel = sim.channel("apns", type="push", provider="push_apns")
    with sim.client() as client:
        client.users.set_channel_data("jhammond", channel.id, data={"tokens": ["device-token-012345"]})
    page = site.message(send(sim, Send("apns", template={"title": "Open", "text_body": "The gates are open"})))
    assert page.one("div", class_="notification").text == "apns now Open The gates are open"
    assert "…2345" in page.text
    assert "device-token" not in page.response.text


def test_a_silent_push_message_shows_nothing(site: Site, sim: Simulator) -> None:
    channel = sim.channel("apns", type="push", provider="push_apns")
    with sim.client() as client:
        client.users.set_channel_data("jhammond", channel.id, data={"tokens": ["device-token-012345"]})
    template = {"text_body": "", "settings": {"delivery_type": "silent"}}
    page = site.message(send(sim, Send("apns", template=template)))
    assert "nothing is shown" in page.text
    assert page.all("div", class_="notification") == []


SLACK = [
    {"type": "header", "text": {"type": "plain_text", "text": "Fence *low*"}},
    {
        "type": "section",
        "text": {
            "type": "mrkdwn",
            "text": "*Sector* _7_ ~off~ `x<y` <https://park.example/s|board> <@U12|ana> &lt;ok&gt;",
        },
        "accessory": {"type": "button", "text": {"type": "plain_text", "text": "Open"}, "url": "https://park.example"},
    },
    {"type": "section", "fields": [{"type": "mrkdwn", "text": "*Volt*\n2.1"}]},
    {"type": "divider"},
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "Control room"}]},
    {"type": "image", "image_url": "https://x.example/i.png", "alt_text": "A fence"},
    {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_list",
                "style": "ordered",
                "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "first"}]}],
            },
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "a\nb"}]},
        ],
    },
    {"type": "video", "title": "not drawn"},
    "no block",
]


def test_blocks_of_slack_are_drawn(site: Site, sim: Simulator) -> None:
    page = site.message(send_chat(sim, "chat_slack", {"blocks": SLACK}))
    drawn = page.one("div", class_="chat-body")
    assert page.one("h1").text == "Fence low"
    assert page.one("div", class_="chat-heading").text == "Fence *low*"  # plain text
    for tag, text in (
        ("strong", "Sector"),
        ("em", "7"),
        ("s", "off"),
        ("code", "x<y"),
        ("ol", "first"),
        ("pre", "a b"),
    ):
        assert text in [element.text for element in page.all(tag)]
    assert "board @ana <ok>" in drawn.text
    assert page.one("span", class_="chat-button").text == "Open"
    assert "Image: A fence" in drawn.text
    assert page.all("img") == []
    assert "Not drawn: video" in drawn.text
    assert "Slack · to C012" in page.text
    assert "xoxb-hidden" not in page.response.text
    links = [element.text for element in page.all("span", class_="link-url")]
    assert links == ["https://park.example/s", "https://park.example"]


def test_cards_of_teams_are_drawn(site: Site, sim: Simulator) -> None:
    card = {
        "type": "AdaptiveCard",
        "body": [
            {"type": "TextBlock", "text": "Feeding", "size": "Large"},
            {"type": "TextBlock", "text": "The **goat** [here](https://park.example/g)", "isSubtle": True},
            {"type": "FactSet", "facts": [{"title": "Paddock", "value": "9"}]},
            {"type": "ColumnSet", "columns": [{"type": "Column", "items": [{"type": "TextBlock", "text": "Left"}]}]},
            {"type": "Image", "url": "https://x.example/i.png", "altText": "Rex"},
            {"type": "Input.Text", "label": "Your name"},
            {"type": "Table"},
        ],
        "actions": [{"type": "Action.OpenUrl", "title": "Watch", "url": "https://park.example/cam"}],
    }
    content = {"type": "message", "attachments": [{"contentType": "application/x", "content": card}]}
    page = site.message(send_chat(sim, "chat_ms_teams", content))
    drawn = page.one("div", class_="chat-body").text
    assert page.one("div", class_="chat-heading").text == "Feeding"
    for text in ("The goat here", "Paddock 9", "Left", "Image: Rex", "Your name", "Not drawn: Table", "Watch"):
        assert text in drawn
    assert "hooks.example/hidden" not in page.response.text


def test_embeds_of_discord_are_drawn(site: Site, sim: Simulator) -> None:
    content = {
        "content": "**Storm** coming, see https://park.example/now.",
        "embeds": [
            {
                "title": "Weather",
                "url": "https://park.example/w",
                "description": "Wind *12*",
                "fields": [{"name": "From", "value": "East"}],
                "footer": {"text": "Station 3"},
            }
        ],
        "components": [{"type": 1, "components": [{"type": 2, "label": "Shelter", "url": "https://park.example/s"}]}],
    }
    page = site.message(send_chat(sim, "chat_discord", content))
    drawn = page.one("div", class_="chat-body").text
    for text in ("Storm coming", "Weather", "Wind 12", "From East", "Station 3", "Shelter"):
        assert text in drawn
    links = [element.text for element in page.all("span", class_="link-url")]
    assert {"https://park.example/now", "https://park.example/w", "https://park.example/s"} <= set(links)


@pytest.mark.parametrize("provider", ["chat_slack", "chat_ms_teams", "chat_discord"])
@pytest.mark.parametrize(
    "content",
    [
        [],
        {},
        '"text"',
        7,
        None,
        [[[[]]]],
        {"blocks": {"type": "section"}, "embeds": 7, "body": "x", "attachments": [None, 7, {"content": []}]},
        {"blocks": [{"type": ["section"]}, {"type": "section", "text": 7, "fields": "x", "accessory": []}]},
        {"type": "AdaptiveCard", "body": [{"type": "FactSet", "facts": 7}, {"type": "ColumnSet", "columns": [7]}]},
        {"embeds": [{}, {"fields": [7], "author": "x"}], "components": [{"type": 1, "components": [{"type": {}}]}]},
    ],
)
def test_any_json_of_a_chat_message_is_shown(site: Site, sim: Simulator, provider: str, content: Any) -> None:
    message = send_chat(sim, provider, content)
    assert "Data" in site.message(message).text


def test_containers_that_are_nested_deeply_are_shown(site: Site, sim: Simulator) -> None:
    card: dict[str, Any] = {"type": "TextBlock", "text": "core"}
    for _ in range(100):
        card = {"type": "Container", "items": [card]}
    content = {"type": "AdaptiveCard", "body": [card, *({"type": "TextBlock", "text": f"n{i}"} for i in range(2_000))]}
    page = site.message(send_chat(sim, "chat_ms_teams", content))
    assert "Not drawn" in page.text
    assert "too long to be drawn" in page.text


def test_a_webhook_is_shown_as_a_request_without_secrets(site: Site, sim: Simulator) -> None:
    template = {
        "method": "put",
        "url": "https://hooks.example/in",
        "headers": [{"key": "Authorization", "value": "Bearer hidden-1"}, {"key": "X-Park", "value": "Nublar"}],
        "query_params": [{"key": "q", "value": "{{ recipient.id }}"}],
        "body": '{"name": "{{ recipient.name }}", "access_token": "hidden-2"}',
    }
    page = site.message(send(sim, Send("http", template=template)))
    assert page.one("p", class_="request-line").text == "PUT https://hooks.example/in?q=jhammond"
    for text in ("X-Park Nublar", '"name": "John Hammond"'):
        assert text in page.text
    assert "hidden-" not in page.response.text


def test_a_webhook_without_template_is_shown_too(site: Site, sim: Simulator) -> None:
    page = site.message(send(sim, Send("http"), data={"order": 7}))
    assert "The step has no template" in page.text
    assert '"order": 7' in page.text


def test_a_feed_item_is_shown_with_its_buttons(site: Site, sim: Simulator) -> None:
    template = {
        "markdown_body": "**{{ actor.name }}** wrote: {{ text }}",
        "action_url": "https://park.example/c",
        "action_buttons": [
            {"label": "Reply", "action": "https://park.example/r"},
            {"label": "Later", "action": "https://park.example/l"},
        ],
    }
    sim.workflow("comment", steps=[Send("in_app_feed", template=template)])
    with sim.client() as client:
        client.users.update("alan", name="Alan Grant")
        client.workflows.trigger("comment", recipients=[{"id": "ana"}], actor="alan", data={"text": "<b>no"})
    (message,) = sim.messages()
    page = site.message(message.id)
    item = page.one("div", id="feed-item")
    assert "Alan Grant" in item.text
    assert "unread" in item.attributes["class"]
    assert [each.text for each in page.all("button", class_="small") if each.text in ("Reply", "Later")]
    frame = page.one("iframe")
    assert frame.attributes["sandbox"] == ""
    shown = site.http.get(frame.attributes["src"])
    assert "<strong>Alan Grant</strong> wrote:" in shown.text
    assert "sandbox" in shown.headers["content-security-policy"]
    assert "The item itself" in page.text


@pytest.mark.parametrize(
    ("body", "rows"), [("Order **A3** is on *its* [way](https://x.example)", 1), ("First\n\nsecond **word**", 2)]
)
def test_the_frame_of_a_feed_item_is_as_high_as_its_text(site: Site, sim: Simulator, body: str, rows: int) -> None:
    page = site.message(send(sim, Send("in_app_feed", template={"markdown_body": body})))
    assert page.one("iframe").attributes["class"] == f"frame small rows-{rows}"


def test_a_step_of_a_guide_is_shown(site: Site, sim: Simulator) -> None:
    guide = sim.guide("tour", content={"title": "Welcome", "steps": 3})
    with sim.client() as client:
        client.users.update("ana", name="Ana")
        client.users.guides.mark_message_as_seen(
            "ana",
            channel_id=sim.channel("in_app_guide").id,
            content={},
            guide_id=guide,
            guide_key="tour",
            guide_step_ref="step_1",
        )
    (message,) = sim.messages(channel="in_app_guide")
    page = site.message(message.id)
    for text in ("Guide tour", "step_1", "title Welcome", "seen"):
        assert text in page.text
    assert page.all("a", href=f"/runs/{message.source.workflow_recipient_run_id}") == []


def test_what_happened_is_listed(site: Site, sim: Simulator) -> None:
    sim.delivery("email", outcome="bounced", reason="mailbox <full>")
    message = send(sim, Send("email"))
    assert "queued" in site.message(message).one("ol", class_="timeline").text
    sim.advance(minutes=1)
    timeline = site.message(message).one("ol", class_="timeline").text
    assert timeline.index("created") < timeline.index("queued") < timeline.index("sent") < timeline.index("bounced")
    assert "mailbox <full>" in timeline


def test_the_run_and_the_recipient_are_linked(site: Site, sim: Simulator) -> None:
    page = site.message(send(sim, Send("email")))
    (message,) = sim.messages()
    assert page.all("a", href=f"/runs/{message.source.workflow_recipient_run_id}")
    assert page.all("a", href="/users/jhammond")
    assert page.all("a", href="/workflows/welcome")


@pytest.mark.parametrize(
    "path", ["/messages/nothing", "/messages/a%2Fb%0A%25", "/messages/nothing/html", "/messages/nothing/email.eml"]
)
def test_a_message_that_does_not_exist_is_a_page(site: Site, path: str) -> None:
    page = site.get(path, 404)
    assert page.response.headers["content-type"] == "text/html; charset=utf-8"
    assert "There is no message" in page.one("h1").text


@pytest.mark.parametrize("index", ["7", "x", "-1", "٣", "99999999"])
def test_a_block_that_does_not_exist_is_a_page(site: Site, sim: Simulator, index: str) -> None:
    message = send(sim, Send("in_app_feed"))
    assert "no such block" in site.get(f"/messages/{message}/blocks/{index}", 404).text


def test_messages_that_are_no_emails_have_no_html_and_no_file(site: Site, sim: Simulator) -> None:
    message = send(sim, Send("sms"))
    site.get(f"/messages/{message}/html", 404)
    site.get(f"/messages/{message}/email.eml", 404)
