"""The applications as they are deployed: under their servers, with the real clients, webhooks and sessions."""

from __future__ import annotations

import re
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx
import pytest

from knock_sdk import Knock
from knock_sdk.testing import Simulator
from tests.support.redis_server import free_port
from tests.support.signing_keys import PRIVATE, PUBLIC

from .programs import KEY, copy, run, running, wait_for_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECRET = "of the webhook"
ELLIE = {"X-Forwarded-User": "ellie"}
IAN = {"X-Forwarded-User": "ian"}


@pytest.fixture
def sim() -> Simulator:
    return Simulator()


@pytest.fixture
def knock_url(sim: Simulator) -> Iterator[str]:
    """The address at which the simulator is served."""
    with sim.serve() as url:
        yield url


@pytest.fixture
def web() -> Iterator[httpx.Client]:
    """A client of the application, with an address at which nothing listens yet."""
    with httpx.Client(base_url=f"http://127.0.0.1:{free_port()}", timeout=30, trust_env=False) as client:
        yield client


def port_of(web: httpx.Client) -> str:
    return str(web.base_url.port)


def test_fastapi_under_uvicorn(sim: Simulator, knock_url: str, web: httpx.Client, tmp_path: Path) -> None:
    sim.workflow("comment-created", channels=["in_app_feed", "email"])
    sim.delivery("email", outcome="bounced", to="ellie")
    sim.signing_key = PUBLIC
    sim.webhook(f"{web.base_url}/webhooks/knock", ["message.bounced"], secret=SECRET)
    command = ["-m", "uvicorn", "fastapi_app.app:app", "--port", port_of(web)]
    settings = {
        "KNOCK_API_KEY": KEY,
        "KNOCK_BASE_URL": knock_url,
        "KNOCK_SIGNING_KEY": PRIVATE,
        "KNOCK_WEBHOOK_SECRET": SECRET,
    }
    log = tmp_path / "log"
    with running(command, log, **settings) as server:
        wait_for_port(int(port_of(web)), server, log)
        profile = {"name": "Ellie", "email": "ellie@example.com"}
        assert web.put("/me", headers=ELLIE, json=profile).json() == {**profile, "email_bounced": False}
        comment = {"text": "Clever girl.", "notify": ["ellie"]}
        assert web.post("/documents/d1/comments", headers=IAN, json=comment).status_code == 201
        token = web.post("/knock-token", headers=ELLIE).json()["token"]
        feed = sim.channel("in_app_feed").id
        with Knock(api_key="pk_test", user_token=token, base_url=knock_url) as browser:
            assert [item.data for item in browser.users.feeds.list_items("ellie", feed).items] == [
                {"document_id": "d1", "comment": "Clever girl."}
            ]
        sim.advance(minutes=1)
        sim.wait_for_webhooks()
        assert web.get("/me", headers=ELLIE).json()["email_bounced"] is True
        assert {delivery.outcome for delivery in sim.webhook_deliveries} == {"delivered"}


@pytest.mark.skipif(sys.platform == "win32", reason="gunicorn needs fork")
def test_flask_in_forked_workers(sim: Simulator, knock_url: str, web: httpx.Client, tmp_path: Path) -> None:
    """Two workers share an application that was loaded before the fork; both send."""
    for key in ("order-shipped", "review-reminder"):
        sim.workflow(key, channels=["in_app_feed"])
    config = ["--config", "flask_app/gunicorn_conf.py", "--bind", f"127.0.0.1:{port_of(web)}"]
    log = tmp_path / "log"
    command = ["-m", "gunicorn", *config, "flask_app.app:create_app()"]
    home = str(tmp_path)  # where gunicorn puts a socket
    with running(command, log, HOME=home, KNOCK_API_KEY=KEY, KNOCK_BASE_URL=knock_url) as server:
        wait_for_port(int(port_of(web)), server, log)
        orders, fresh = 0, {**ELLIE, "Connection": "close"}
        while len(set(re.findall(r"^(<?\d+>?) POST .* 202$", log.read_text(), re.MULTILINE))) < 2:
            # Which worker accepts a connection, the system decides; when several come at once, both do.
            assert orders < 400
            paths = [f"/orders/{number}/ship" for number in range(orders, orders + 8)]
            with ThreadPoolExecutor(len(paths)) as threads:
                assert set(threads.map(lambda path: web.post(path, headers=fresh).status_code, paths)) == {202}
            orders += len(paths)
        items = web.get("/notifications", headers=ELLIE).json()
    assert items["available"]
    assert len(items["items"]) == 10
    sim.assert_sent(to="ellie", workflow="order-shipped", count=orders)


def test_django_under_uvicorn(sim: Simulator, knock_url: str, web: httpx.Client, tmp_path: Path) -> None:
    sim.workflow("comment-created", channels=["in_app_feed", "email"])
    folder = copy("django_app", tmp_path)
    settings = {"KNOCK_API_KEY": KEY, "KNOCK_BASE_URL": knock_url, "DJANGO_SETTINGS_MODULE": "project.settings"}
    password = {"DJANGO_SUPERUSER_PASSWORD": "a password", "DJANGO_SUPERUSER_EMAIL": "ellie@example.com"}
    for command in (["migrate"], ["createsuperuser", "--noinput", "--username", "ellie"], ["sync_users"]):
        done = run("manage.py", *command, folder=folder, **settings, **password)
        assert done.returncode == 0, done.stderr
    assert re.search(r"succeeded +1\n", done.stdout)
    assert [each.operation for each in sim.requests][:2] == [
        "identifyUser",
        "bulkIdentifyUsers",
    ]  # the signal came first

    log = tmp_path / "log"
    server_command = ["-m", "uvicorn", "project.asgi:application", "--lifespan", "off", "--port", port_of(web)]
    with running(server_command, log, folder, **settings) as server:
        wait_for_port(int(port_of(web)), server, log)
        login = {"username": "ellie", "password": "a password", "next": "/notifications"}
        response = post_form(web, "/admin/login/", login)
        assert (response.status_code, response.headers["Location"]) == (302, "/notifications")
        assert web.get("/notifications").json() == {"available": True, "items": []}
        comment = {"author": "1", "text": "Clever girl.", "notify": "1"}
        assert post_form(web, "/admin/comments/comment/add/", comment).status_code == 302
        item = {"workflow": "comment-created", "data": {"comment": "Clever girl."}}
        assert web.get("/notifications").json() == {"available": True, "items": [item]}
        assert web.post("/comments", data={"text": "Without a token."}).status_code == 403
    sim.assert_sent(to="1", channel="email", contains="Clever girl.", count=1)


def post_form(web: httpx.Client, path: str, fields: dict[str, str]) -> httpx.Response:
    """Open a page with a form of Django, and submit it."""
    page = web.get(path)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    assert token, page.text
    return web.post(path, data={"csrfmiddlewaretoken": token[1], **fields})
