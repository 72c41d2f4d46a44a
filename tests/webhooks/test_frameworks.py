"""Tests of the examples: each handles the events of a simulator, with the real framework."""

from __future__ import annotations

import importlib
import sys
import warnings
from base64 import b64encode
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

import django
import pytest
from django.test import Client as DjangoClient

from knock_sdk import webhooks
from knock_sdk.testing import Simulator
from tests.support.paths import ROOT

if TYPE_CHECKING:
    import flask

with warnings.catch_warnings():
    # It wants httpx2, which Python 3.10 does not have.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

SECRET = "a secret of ours"
PATH = "/webhooks/knock"
Deliver: TypeAlias = Callable[[bytes, dict[str, str]], int]


@pytest.fixture(autouse=True)
def _examples(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(ROOT / "examples" / "webhooks")
    monkeypatch.setenv("KNOCK_WEBHOOK_SECRET", SECRET)
    yield
    for name in ("fastapi_app", "starlette_app", "flask_app", "lambda_handler"):
        sys.modules.pop(name, None)


def asgi(module: str) -> Deliver:
    client = TestClient(importlib.import_module(module).app)
    return lambda body, headers: client.post(PATH, content=body, headers=headers).status_code


def flask_app() -> Deliver:
    app: flask.Flask = importlib.import_module("flask_app").app
    return lambda body, headers: app.test_client().post(PATH, data=body, headers=headers).status_code


def django_app() -> Deliver:
    importlib.import_module("django_app")
    django.setup()
    client = DjangoClient()
    return lambda body, headers: client.post(PATH, body, "application/json", headers=headers).status_code


def api_gateway(*, encoded: bool) -> Deliver:
    receive = importlib.import_module("lambda_handler").receive

    def deliver(body: bytes, headers: dict[str, str]) -> int:
        # Names as version 1 of the payload has them, in which the client wrote them.
        named = {name.title(): value for name, value in headers.items()}
        content = b64encode(body).decode() if encoded else body.decode()
        status: int = receive({"headers": named, "body": content, "isBase64Encoded": encoded}, None)["statusCode"]
        return status

    return deliver


FRAMEWORKS: list[Any] = [
    pytest.param(lambda: asgi("fastapi_app"), id="FastAPI"),
    pytest.param(lambda: asgi("starlette_app"), id="Starlette"),
    pytest.param(flask_app, id="Flask"),
    pytest.param(django_app, id="Django"),
    pytest.param(lambda: api_gateway(encoded=False), id="Lambda"),
    pytest.param(lambda: api_gateway(encoded=True), id="Lambda, encoded"),
]


@pytest.mark.parametrize("start", FRAMEWORKS)
def test_an_example_handles_events(start: Callable[[], Deliver], capsys: pytest.CaptureFixture[str]) -> None:
    deliver = start()
    sim = Simulator()
    sim.webhook(deliver, secret=SECRET)
    sim.delivery("email", outcome="bounced", reason="No such mailbox")
    sim.workflow("hello", channels=["email"])
    sim.client().workflows.trigger("hello", recipients=[{"id": "ana", "email": "ana@x.example"}])
    sim.advance(minutes=1)
    assert capsys.readouterr().out == "ana: bounced (No such mailbox)\n"
    assert [(each.type, each.outcome) for each in sim.webhook_deliveries] == [
        ("workflow_recipient_run.started", "delivered"),
        ("workflow_recipient_run.completed", "delivered"),
        ("message.sent", "delivered"),
        ("message.bounced", "delivered"),
    ]
    assert {attempt.status for each in sim.webhook_deliveries for attempt in each.attempts} == {204}


@pytest.mark.parametrize("start", FRAMEWORKS)
def test_an_example_refuses_what_is_not_signed(start: Callable[[], Deliver]) -> None:
    deliver = start()
    body = b'{"type": "message.sent", "data": {}}'
    assert deliver(body, webhooks.sign(body, secret=SECRET)) == 204
    assert deliver(body + b" ", webhooks.sign(body, secret=SECRET)) == 400
    assert deliver(body, {}) == 400


@pytest.mark.parametrize("request_", [{}, {"headers": None, "body": None}, {"headers": {"host": "x"}}])
def test_the_lambda_function_refuses_requests_without_body_or_headers(request_: dict[str, Any]) -> None:
    assert importlib.import_module("lambda_handler").receive(request_, None)["statusCode"] == 400


def test_from_a_trigger_to_a_handler() -> None:
    app = TestClient(importlib.import_module("fastapi_app").app)
    sim = Simulator()
    sim.webhook(lambda body, headers: app.post(PATH, content=body, headers=headers).status_code, secret=SECRET)
    sim.client().workflows.trigger("hello", recipients=[{"id": "ana"}])
    assert {delivery.outcome for delivery in sim.webhook_deliveries} == {"delivered"}
