"""Content of applications that tries to leave its place: markup, addresses of scripts, enormous texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from knock_sdk.testing import Send
from knock_sdk.testing.server.page.message import sandbox
from knock_sdk.testing.server.page.message.chat_text import markdown, slack
from knock_sdk.testing.server.page.redaction import HIDDEN, is_secret, redact
from tests.simulator.server.page.conftest import Page, send, send_chat

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator
    from tests.simulator.server.page.conftest import Site

BAD = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><b>"


def own_scripts_only(page: Page) -> bool:
    sources = [element.attributes.get("src", "") for element in page.all("script")]
    handlers = [name for element in page.elements for name in element.attributes if name.startswith("on")]
    targets = [element.attributes.get(name, "") for element in page.elements for name in ("href", "src", "action")]
    return (
        len(sources) == 1
        and sources[0].startswith("/_page/static/page.js")
        and not handlers
        and not any(target.lower().startswith(("javascript:", "data:", "http:", "https:", "//")) for target in targets)
        and page.all("b") == []
        and page.all("img") == []
    )


@pytest.mark.parametrize(
    "step",
    [
        Send("sms", template={"text_body": "{{ bad }}"}),
        Send("email", template={"subject": "{{ bad }}", "html_body": "{{ bad }}", "text_body": "{{ bad }}"}),
        Send("in_app_feed", template={"markdown_body": "{{ bad }}", "action_url": "javascript:alert(1)"}),
        Send("http", template={"url": "https://x.example/", "headers": [{"key": "a", "value": "{{ bad }}"}]}),
        Send("email"),
    ],
)
def test_markup_is_text(site: Site, sim: Simulator, step: Send) -> None:
    page = site.message(send(sim, step, data={"bad": BAD, BAD: BAD}))
    assert own_scripts_only(page)
    assert "alert(1)" in page.text


@pytest.mark.parametrize("provider", ["chat_slack", "chat_ms_teams", "chat_discord"])
def test_markup_in_chat_messages_is_text(site: Site, sim: Simulator, provider: str) -> None:
    text = f"{BAD} *{BAD}* [{BAD}](javascript:alert(1)) <javascript:alert(1)|{BAD}> `{BAD}`"
    content = {
        "content": text,
        "type": "AdaptiveCard",
        "body": [{"type": "TextBlock", "text": text}],
        "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": text}}, {"type": BAD, BAD: BAD}],
        "actions": [{"title": BAD, "url": "javascript:alert(1)"}],
    }
    page = site.message(send_chat(sim, provider, content))
    assert own_scripts_only(page)
    assert "alert(1)" in page.one("div", class_="chat-body").text


def test_addresses_of_scripts_are_shown_and_cannot_be_followed(site: Site, sim: Simulator) -> None:
    html = '<a href="javascript:alert(1)">a</a><a href=" JavaScript:x">b</a><a href="https://park.example/">c</a>'
    page = site.message(send(sim, Send("email", template={"subject": "s", "html_body": html})))
    urls = [element.text for element in page.all("span", class_="link-url")]
    assert urls == ["javascript:alert(1)", "JavaScript:x", "https://park.example/"]
    assert [element.attributes["value"] for element in page.all("input", name="url")] == ["https://park.example/"]


def test_the_html_of_an_email_can_run_and_fetch_nothing(site: Site, sim: Simulator) -> None:
    html = (
        '<html><head><link rel=preconnect href="//evil.example"><base href="//evil.example">'
        '<meta http-equiv="refresh" content="0;url=//evil.example"></head><body><p>Hello</p></body></html>'
    )
    message = send(sim, Send("email", template={"subject": "s", "html_body": html}))
    response = site.http.get(f"/messages/{message}/html")
    policy = dict(each.strip().partition(" ")[::2] for each in response.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["img-src"] == "data:"
    assert policy["form-action"] == policy["base-uri"] == "'none'"
    assert policy["sandbox"] == ""  # no permission
    assert "script-src" not in policy
    assert response.headers["x-content-type-options"] == "nosniff"
    shown = Page(response)
    assert shown.all("link") == []
    assert [element.attributes for element in shown.all("base")] == [{"target": "_blank"}]
    assert not any("http-equiv" in element.attributes for element in shown.elements)
    assert "<p>Hello</p>" in response.text


@pytest.mark.parametrize(
    "html", ["<p>x</p>", "<!doctype html><p>x", "<HTML lang=en><P>x</P>", "<head\n><title>t</title>", ""]
)
def test_a_document_always_has_its_base(html: str) -> None:
    body = bytes(sandbox.email_document(html).body).decode()
    assert '<base target="_blank">' in body
    assert body.lower().startswith(("<!doctype", "<html", "<head"))


@pytest.mark.parametrize(
    "text", ["*a" * 20_000, "`" * 20_000, "<" * 20_000, "[" * 20_000, "*_~" * 9_000, "```a" * 9_000]
)
def test_texts_of_chat_messages_are_formatted_in_time_that_grows_with_them(text: str) -> None:
    for formatted in (slack(text), markdown(text)):
        assert len(formatted) < 200_000


def test_an_enormous_message_is_a_page_of_bounded_size(site: Site, sim: Simulator) -> None:
    text = "<p>" + "word " * 400_000
    step = Send("email", template={"subject": "{{ t }}", "html_body": "{{ t }}", "text_body": "{{ t }}"})
    page = site.message(send(sim, step, data={"t": text}))
    assert len(page.response.content) < 1_500_000
    assert "more characters" in page.text


def test_secrets_in_data_are_not_shown(site: Site, sim: Simulator) -> None:
    data = {"a": [{"access_token": "hidden-1"}], "Authorization": "hidden-2", "note": "shown"}
    text = site.message(send(sim, Send("in_app_feed", template={"markdown_body": "x"}), data=data)).response.text
    assert "hidden-" not in text
    assert "shown" in text


@pytest.mark.parametrize(
    "name", ["accessToken", "auth_token", "X-Auth-Token", "apiKey", "api-key", "clientSecret", "secret_key", "password"]
)
def test_secrets_are_known_by_each_spelling(name: str) -> None:
    assert is_secret(name)
    assert redact({"note": "shown", name: "hidden-1"}) == {"note": "shown", name: HIDDEN}


@pytest.mark.parametrize("name", ["tokenized", "secretary", "key", "password_hint", "note"])
def test_other_names_are_no_secrets(name: str) -> None:
    assert not is_secret(name)
