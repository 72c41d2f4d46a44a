"""Tests against the simulator as users write them; read by type checkers only."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from typing_extensions import assert_type

from knock_sdk import AsyncKnock, Knock
from knock_sdk.testing import Fault, ReceivedRequest, Simulator, Skip, Snapshot, Triggered, Waiting
from knock_sdk.types import Message


def is_for_vip(request: ReceivedRequest) -> bool:
    return request.operation == "triggerWorkflow" and "vip" in request.json["recipients"]


def clients(sim: Simulator) -> None:
    assert_type(sim.client(api_key="sk_1", timeout=5, max_retries=0), Knock)
    assert_type(sim.async_client(strict=True), AsyncKnock)
    assert_type(sim.now, datetime)
    sim.advance(timedelta(days=1), weeks=1, days=0.5, hours=2)
    sim.advance_to(sim.now)


def faults(sim: Simulator) -> None:
    assert_type(sim.fail(), Fault)
    sim.fail("workflows.trigger", next=3, status=503)
    sim.fail(is_for_vip, next=None, code="workflow_missing", retry_after=2.5, body={"any": ["thing"]})
    sim.fail(lambda request: request.method == "GET")
    sim.slow(40, "users.get")
    sim.drop(when="after")
    sim.malform(kind="html")
    sim.malform(body=b"")
    sim.limit_batch(["m1"])
    sim.limit_batch(share=0.5)
    with sim.drop("users.get", when="connect") as fault:
        assert_type(fault.times, int)
    sim.rate_limits = True
    sim.clear_faults()


def inspection(sim: Simulator) -> None:
    assert_type(sim.outbox, list[Message])
    assert_type(sim.messages(to="ana", channel="email", workflow="w", tenant="t", status="read"), list[Message])
    assert_type(sim.skips(to={"id": "p", "collection": "projects"}), list[Skip])
    assert_type(sim.requests, list[ReceivedRequest])
    assert_type(sim.requests[0].status, int | None)
    assert_type(sim.triggers, list[Triggered])
    assert_type(sim.triggers[0].data, Mapping[str, Any])
    found: Sequence[Message] = sim.assert_sent(to="ana", data={"n": 1}, subject="s", contains="c", count=None)
    sim.assert_not_sent(to=found[0].recipient if isinstance(found[0].recipient, str) else None)
    assert_type(sim.assert_triggered("w", recipients=["ana", {"id": "p", "collection": "c"}]), list[Triggered])
    assert_type(sim.waiting(to={"id": "p", "collection": "projects"}, workflow="w"), list[Waiting])
    assert_type(sim.waiting()[0].until, datetime | None)
    assert_type(sim.requests[0].error, str | None)
    assert_type(sim.summary(), str)


def interception(sim: Simulator) -> None:
    with sim.intercept(), sim.intercept(base_url="https://knock.example"), sim.serve() as url:
        assert_type(url, str)


def states(sim: Simulator, file: str) -> None:
    sim.reset()
    assert_type(copy.deepcopy(sim), Simulator)
    assert_type(sim.snapshot(), Snapshot)
    sim.restore(Snapshot.from_bytes(sim.snapshot().to_bytes()))
    sim.save(Path(file))
    assert_type(Simulator.load(file), Simulator)
