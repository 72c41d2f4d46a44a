"""The applications of the guides: their handlers and tasks are called, as frameworks and queues call them."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import httpx
from fastapi import FastAPI
from flask import Flask

from knock_sdk import ConfigurationError, RateLimitError

if TYPE_CHECKING:
    from tests.support.samples import Program

    from .stage import Stage


def request(app: FastAPI, method: str, target: str) -> httpx.Response:
    """Send a request to an application while its lifespan lasts; FastAPI's own client needs httpx2 for this."""

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://app") as web,
        ):
            return await web.request(method, target)

    return asyncio.run(send())


def check_errors(program: Program, stage: Stage) -> None:
    app: FastAPI = stage.names["app"]

    @app.get("/limited")
    def limited() -> None:
        raise RateLimitError("slow down", status_code=429, retry_after=3)

    @app.get("/wrong")
    def wrong() -> None:
        raise ConfigurationError("api_key: is missing")

    logging.getLogger("notifications").disabled = True
    responses = [request(app, "GET", path) for path in ("/limited", "/wrong")]
    assert [response.status_code for response in responses] == [503, 500]
    assert responses[0].headers["retry-after"] == "3"

    sim, before = stage.sim, len(stage.sim.requests)
    task = stage.names["announce_later"]
    sim.fail("workflows.trigger", status=503, next=5)
    with sim.intercept():
        result = task.apply(("Hold on to your butts.", ["rarnold"]))
    assert result.successful()
    keys = [received.headers["idempotency-key"] for received in sim.requests[before:]]
    assert keys == [result.id] * 6  # four attempts of the first run of the task, two of the second
    assert stage.names["OutcomeUnknownError"] in task.dont_autoretry_for


def check_production(program: Program, stage: Stage) -> None:
    names, sim = stage.names, stage.sim
    before = len(sim.triggers)
    app = names.get("app")
    with sim.intercept():
        if isinstance(app, FastAPI):
            assert request(app, "POST", "/comments?comment=Clever%20girl.").json().keys() == {"run"}
        elif isinstance(app, Flask):
            assert app.test_client().post("/comments", data={"comment": "Clever girl."}).status_code == 204
        elif "announce" in names and "transaction" not in names:  # the task of Celery
            assert names["announce"].apply(("Clever girl.", ["rmuldoon"])).successful()
        elif "announce" in names:
            names["announce"]("Clever girl.", ["rmuldoon"], "comment/1")
        elif "handler" in names:
            event = {"id": "7", "recipients": ["rmuldoon"], "data": {"comment": "Clever girl."}}
            assert names["handler"](event, Context()).keys() == {"run"}
        else:
            return
    assert [trigger.data for trigger in sim.triggers[before:]] == [{"comment": "Clever girl."}]


class Context:
    """What AWS Lambda passes to a handler."""

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 3000
