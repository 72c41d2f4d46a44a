"""Tests of the application; the simulator's fixtures come with knock-sdk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from fastapi.testclient import TestClient

from knock_sdk import AuthenticationError, webhooks

from .app import COMMENT_CREATED, Comment, announce, app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knock_sdk import AsyncKnock, Knock
    from knock_sdk.testing import Simulator

SECRET = "of the webhook"
ELLIE = {"X-Forwarded-User": "ellie"}
IAN = {"X-Forwarded-User": "ian"}
HOOK = "/webhooks/knock"


@pytest.fixture
def web(intercepted_knock: Simulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """The application, whose client reaches the simulator; its events reach the application."""
    monkeypatch.setenv("KNOCK_WEBHOOK_SECRET", SECRET)
    intercepted_knock.workflow(COMMENT_CREATED, channels=["in_app_feed", "email"])
    with TestClient(app) as client:  # runs the lifespan
        intercepted_knock.webhook(
            lambda body, headers: client.post(HOOK, content=body, headers=headers).status_code,
            ["message.bounced"],
            secret=SECRET,
        )
        assert client.put("/me", headers=ELLIE, json={"name": "Ellie", "email": "ellie@x.example"}).status_code == 200
        yield client


def test_a_comment_notifies_after_the_response(web: TestClient, knock_simulator: Simulator) -> None:
    response = web.post("/documents/d1/comments", headers=IAN, json={"text": "Clever girl.", "notify": ["ellie"]})
    assert response.status_code == 201
    knock_simulator.assert_sent(to="ellie", channel="email", data={"document_id": "d1", "comment": "Clever girl."})


def test_a_comment_is_saved_though_knock_is_down(
    web: TestClient, knock_simulator: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    with knock_simulator.fail("workflows.trigger", status=503, next=None):
        response = web.post("/documents/d1/comments", headers=IAN, json={"text": "Run!", "notify": ["ellie"]})
    assert response.status_code == 201
    assert f"comment {response.json()['id']} was not announced" in caplog.text
    knock_simulator.assert_not_sent(to="ellie")


def test_a_lost_response_notifies_once(web: TestClient, knock_simulator: Simulator) -> None:
    with knock_simulator.drop("workflows.trigger", when="after"):
        web.post("/documents/d1/comments", headers=IAN, json={"text": "Hold on.", "notify": ["ellie"]})
    assert [request.replayed for request in knock_simulator.requests[-2:]] == [False, True]
    knock_simulator.assert_sent(to="ellie", channel="email", count=1)


@pytest.fixture
def anyio_backend() -> str:
    """Which event loop runs asynchronous tests."""
    return "asyncio"


@pytest.mark.anyio
async def test_who_announces_a_comment_again_notifies_nobody_twice(
    web: TestClient, async_knock: AsyncKnock, knock_simulator: Simulator
) -> None:
    response = web.post("/documents/d1/comments", headers=IAN, json={"text": "Life.", "notify": ["ellie"]})
    await announce(async_knock, Comment.model_validate(response.json()))
    assert [request.replayed for request in knock_simulator.requests[-2:]] == [False, True]
    knock_simulator.assert_sent(to="ellie", channel="email", count=1)


def test_a_profile_is_that_of_knock(web: TestClient, knock: Knock) -> None:
    response = web.put("/me", headers=IAN, json={"name": "Ian", "email": "ian@x.example"})
    assert response.status_code == 200
    assert knock.users.get("ian").email == "ian@x.example"
    assert web.get("/me", headers=IAN).json()["name"] == "Ian"


@pytest.mark.parametrize("status", [429, 503])
def test_a_profile_is_not_saved_while_knock_is_unavailable(
    web: TestClient, knock_simulator: Simulator, status: int
) -> None:
    with knock_simulator.fail("users.update", status=status, retry_after=90, next=None):
        response = web.put("/me", headers=IAN, json={"name": "Ian", "email": "ian@x.example"})
    assert response.status_code == 503
    assert response.headers.get("Retry-After") == ("90" if status == 429 else None)
    assert web.get("/me", headers=IAN).status_code == 404


def test_an_address_that_bounces_is_noted(web: TestClient, knock_simulator: Simulator) -> None:
    knock_simulator.delivery("email", outcome="bounced", to="ellie")
    web.post("/documents/d1/comments", headers=IAN, json={"text": "Hello?", "notify": ["ellie"]})
    assert web.get("/me", headers=ELLIE).json()["email_bounced"] is False
    knock_simulator.advance(minutes=1)
    assert web.get("/me", headers=ELLIE).json()["email_bounced"] is True


def test_an_event_of_somebody_else_is_refused(web: TestClient) -> None:
    body = b'{"type": "message.bounced", "data": {}}'
    assert web.post(HOOK, content=body, headers=webhooks.sign(body, secret="another")).status_code == 400
    assert web.post(HOOK, content=body).status_code == 400


def test_nobody_is_anonymous(web: TestClient) -> None:
    assert web.post("/documents/d1/comments", json={"text": "Hello."}).status_code == 422
    assert web.post("/knock-token").status_code == 422


def test_a_token_is_for_the_feed_of_its_user(
    web: TestClient, knock_simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    monkeypatch.setenv("KNOCK_SIGNING_KEY", private.decode())
    token: str = web.post("/knock-token", headers=ELLIE).json()["token"]
    knock_simulator.signing_key = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    browser = knock_simulator.client(api_key="pk_test", user_token=token)
    feed = knock_simulator.channel("in_app_feed").id
    assert browser.users.feeds.list_items("ellie", feed).items == []
    with pytest.raises(AuthenticationError):
        browser.users.feeds.list_items("ian", feed)
