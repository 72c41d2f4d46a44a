"""Fixtures: the page of a simulator that is served on a port, and its HTML taken apart."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

import httpx
import pytest
from typing_extensions import override

from knock_sdk.testing import Send

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knock_sdk.testing import Simulator

INLINE = ("a", "b", "code", "em", "i", "s", "span", "strong")
VOID = ("base", "br", "hr", "img", "input", "link", "meta", "path", "circle", "rect")


class Element(NamedTuple):
    """An element of a page: its attributes, and all text inside of it."""

    tag: str
    attributes: dict[str, str]
    texts: list[str]

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, [])
        self.elements.append(element)
        self._separate(tag)
        if tag not in VOID:
            self._open.append(element)

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open[-1].tag == tag, f"</{tag}> closes <{self._open[-1].tag}>"
            self._open.pop()
        self._separate(tag)

    def _separate(self, tag: str) -> None:
        if tag not in INLINE:
            self.handle_data(" ")

    @override
    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.texts.append(data)


class Page:
    """A page that was fetched."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        reader = _Reader()
        reader.feed(response.text)
        reader.close()
        self.elements = reader.elements

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Return the elements with a tag that have these attributes; `class_` is one of the classes."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            element
            for element in self.elements
            if element.tag == tag
            and all(
                value in element.attributes.get(name, "").split()
                if name == "class"
                else element.attributes.get(name) == value
                for name, value in wanted.items()
            )
        ]

    def one(self, tag: str, **attributes: str) -> Element:
        """Return the only such element."""
        (found,) = self.all(tag, **attributes)
        return found

    @property
    def text(self) -> str:
        """The text of the main part."""
        return self.one("main").text

    @property
    def rows(self) -> list[str]:
        """The texts of the messages in a list."""
        return [element.text for element in self.all("a", class_="row-link")]


class Site:
    """The pages of a server."""

    def __init__(self, http: httpx.Client) -> None:
        self.http = http

    def get(self, path: str = "/", expect: int = 200, **query: str) -> Page:
        """Fetch a page, which must have a status."""
        response = self.http.get(path, params=query or None)
        assert response.status_code == expect, response.text
        return Page(response)

    def message(self, message_id: str) -> Page:
        """Fetch the page of a message."""
        return self.get(f"/messages/{quote(message_id, safe='')}")

    def act(self, message_id: str, **form: str) -> httpx.Response:
        """Send a form of a message; return the response, which is not followed."""
        return self.http.post(f"/messages/{quote(message_id, safe='')}/actions", data=form)


@pytest.fixture
def site(url: str) -> Iterator[Site]:
    with httpx.Client(base_url=url, trust_env=False) as http:
        yield Site(http)


def send(sim: Simulator, step: Send, *, data: dict[str, object] | None = None, to: str = "jhammond") -> str:
    """Send a message through a workflow with one step; return its id."""
    sim.workflow("welcome", steps=[step])
    with sim.client() as client:
        client.users.update(to, name="John Hammond", email="john@ingen.example", phone_number="+15555550100")
        client.workflows.trigger("welcome", recipients=[to], data=data or {})
    (message,) = sim.messages(to=to)
    return message.id


CONNECTIONS: dict[str, dict[str, object]] = {
    "chat_discord": {"channel_id": "D1"},
    "chat_ms_teams": {"incoming_webhook": {"url": "https://hooks.example/hidden"}},
    "chat_slack": {"access_token": "xoxb-hidden", "channel_id": "C012"},
}


def send_chat(sim: Simulator, provider: str, content: object) -> str:
    """Send a chat message in JSON through a provider; return its id."""
    channel = sim.channel("team", type="chat", provider=provider)
    with sim.client() as client:
        client.users.update("jhammond", name="John Hammond")
        client.users.set_channel_data("jhammond", channel.id, data={"connections": [CONNECTIONS[provider]]})
    return send(sim, Send("team", template={"body": "text", "json_body": content}))
