"""What other web pages in the same browser can do to the simulator: nothing, unless they are of this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

pytest.importorskip("playwright")

from tests.browser import web_server
from tests.browser.chromium import FOREIGN, LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from knock_sdk import Knock
    from knock_sdk.testing import Simulator
    from tests.browser.chromium import Windows

HEADERS = '{"authorization": "Bearer pk_test_page", "content-type": "application/json"}'
BLOCKED = "blocked by CORS|ERR_FAILED|ERR_BLOCKED|status of 40[134]|WebSocket connection|frame-ancestors|Opener-Policy"
"""What Chromium says in its console where it, or the server, refuses something."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of a server with an empty page."""
    with web_server.serve() as server:
        yield server.server_port


@pytest.fixture
def foreign(windows: Windows, port: int) -> Page:
    """A page of another origin, on the web as far as the browser knows."""
    windows.expect_problem(BLOCKED)
    windows.expect_problem(f"request to another host: http://{FOREIGN}:{port}/")
    return windows.open(f"http://{FOREIGN}:{port}/")


@pytest.fixture
def ana(client: Knock, sim: Simulator) -> Simulator:
    """A simulator with something to read and to lose."""
    client.workflows.trigger("welcome", recipients=[{"id": "ana", "name": "Ana"}], data={"code": "secret-4711"})
    return sim


def ask(page: Page, address: str, options: str = "{}") -> str:
    """Let a page make a request; return what it can read."""
    return page.evaluate(
        f"""async (address) => {{
            try {{ const response = await fetch(address, {options}); return response.type + await response.text(); }}
            catch (error) {{ return "failed"; }}
        }}""",
        address,
    )


@pytest.mark.parametrize("path", ["/", "/_simulator/messages", "/_simulator/requests", "/users/ana", "/v1/users/ana"])
def test_a_foreign_page_reads_nothing(foreign: Page, url: str, ana: Simulator, path: str) -> None:
    assert ask(foreign, url + path) == "failed"
    assert ask(foreign, url + path, f"{{headers: {HEADERS}}}") == "failed"
    assert ask(foreign, url + path, '{mode: "no-cors"}') in {"opaque", "failed"}  # nothing that it could read


@pytest.mark.parametrize("path", ["reset", "advance", "workflow", "clear_faults"])
@pytest.mark.parametrize("body", ["'{\"hours\": 1}'", "new URLSearchParams({hours: 1})", "new FormData()", "null"])
def test_a_foreign_page_changes_nothing(foreign: Page, url: str, ana: Simulator, path: str, body: str) -> None:
    before = ana.now
    ask(foreign, f"{url}/_simulator/{path}", f'{{method: "POST", mode: "no-cors", body: {body}}}')
    assert (ana.now, len(ana.messages())) == (before, 1)


def test_a_form_of_a_foreign_page_is_refused(foreign: Page, url: str, ana: Simulator) -> None:
    with foreign.expect_navigation() as navigation:
        foreign.evaluate(
            """(address) => {
                const form = document.createElement("form");
                form.method = "post"; form.action = address;
                document.body.append(form); form.submit();
            }""",
            f"{url}/_simulator/reset",
        )
    assert navigation.value.status == 403
    assert len(ana.messages()) == 1


def test_a_foreign_page_cannot_show_the_page_in_a_frame(foreign: Page, url: str, ana: Simulator) -> None:
    foreign.evaluate(
        """(address) => new Promise(done => {
            const frame = document.createElement("iframe");
            frame.src = address; frame.onload = done; document.body.append(frame);
        })""",
        url,
    )
    assert "Ana" not in "".join(frame.content() for frame in foreign.frames)


def test_a_foreign_page_gets_no_socket(foreign: Page, url: str) -> None:
    assert open_socket(foreign, url) == "closed"


def test_a_name_that_leads_to_this_machine_is_refused(windows: Windows, url: str, ana: Simulator) -> None:
    """Otherwise a page could rename its own host to 127.0.0.1, and read everything as its own."""
    windows.expect_problem(f"request to another host|{BLOCKED}")
    page = windows.open()
    response = page.goto(url.replace(LOOPBACK, FOREIGN))
    assert response is not None
    assert response.status == 403
    assert ask(page, "/_simulator/messages").startswith('basic{"code":"authorization"')
    assert "secret-4711" not in ask(page, "/v1/users/ana/messages", f"{{headers: {HEADERS}}}")


def test_a_link_of_a_foreign_page_is_followed(foreign: Page, url: str, ana: Simulator) -> None:
    """Such as one in a chat or an issue: it only shows the page to who follows it."""
    foreign.evaluate("(address) => { location = address; }", f"{url}/?recipient=ana")
    foreign.wait_for_selector("#messages tbody tr")


def test_pages_of_this_machine_use_the_api_and_nothing_else(
    windows: Windows, port: int, url: str, ana: Simulator
) -> None:
    windows.expect_problem(BLOCKED)
    page = windows.open(f"http://{LOOPBACK}:{port}/")
    assert ask(page, f"{url}/v1/users/ana", f"{{headers: {HEADERS}}}").startswith("cors{")
    assert ask(page, f"{url}/_simulator/messages") == "failed"
    assert ask(page, f"{url}/") == "failed"
    assert open_socket(page, url) == "open"


def open_socket(page: Page, url: str) -> str:
    """Let a page open a socket, as Knock's client does; return what became of it."""
    return page.evaluate(
        """(address) => new Promise(done => {
            const socket = new WebSocket(address);
            socket.onopen = () => { socket.close(); done("open"); };
            socket.onclose = () => done("closed");
        })""",
        f"{url.replace('http', 'ws', 1)}/ws/v1/websocket?api_key=pk_test_page&vsn=2.0.0",
    )
