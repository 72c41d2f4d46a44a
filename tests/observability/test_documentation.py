"""`docs/observability.md`: its examples run as they stand, and its tables are complete.

`tests/package/test_type_checkers.py` checks their types.
"""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from knock_sdk import CallEvent
from tests.support.paths import ROOT
from tests.support.server import Server, reset, respond

from .collector import Collector
from .recorder import HOOKS, simulated
from .telemetry import attributes_of

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator
    from tests.wire.caller import Caller

    from .telemetry import Telemetry

PAGE = (ROOT / "docs" / "observability.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)

USE = """
sentry_sdk.Scope.get_isolation_scope().set_client(
    sentry_sdk.Client(dsn="http://key@127.0.0.1:9/1", default_integrations=False, auto_enabling_integrations=False)
)
for each in (sentry_client, prometheus_client, structlog_client):
    with sim.fail("users.list", next=3, status=503):
        try:
            each.users.list()
        except Exception as error:
            print(type(error).__name__)
for crumb in sentry_sdk.Scope.get_isolation_scope()._breadcrumbs:
    print("breadcrumb", crumb["message"], crumb["level"] if "level" in crumb else "", sorted(crumb["data"]))
from prometheus_client import generate_latest
print(generate_latest().decode())
"""


def section(title: str) -> str:
    """Return what follows a heading, up to the next one."""
    return re.split(r"\n##+ ", PAGE.split(f"# {title}\n")[1])[0]


def test_the_examples_run_in_order_and_reach_a_collector() -> None:
    with Collector() as collector:
        done = subprocess.run(
            [sys.executable, "-c", "\n".join([*EXAMPLES, USE])],
            capture_output=True,
            check=False,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(sys.path),
                "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
            },
            text=True,
            timeout=120,
        )
    assert done.returncode == 0, done.stderr
    printed = done.stdout
    assert printed.count("workflows.trigger: status 503, again in 0.") == 2
    assert printed.count("InternalServerError") >= 3
    assert "breadcrumb users.list  ['attempt', 'request_id', 'status_code']" in printed
    assert "breadcrumb users.list warning ['reason', 'wait']" in printed
    assert 'knock_attempt_seconds_count{operation="users.list",status="503"} 3.0' in printed
    assert 'knock_failures_total{error="InternalServerError",operation="users.list"} 1.0' in printed
    assert re.search(r"RetryEvent .*operation.*users\.list.*reason.*status 503", printed)
    names = {span.name for span in collector.spans}
    assert names == {"PUT /v1/users/{user_id}", "DELETE /v1/users/{user_id}", "GET /v1/users"}
    assert "http.client.request.duration" in collector.metrics


def test_there_are_examples() -> None:
    assert len(EXAMPLES) == 7


def test_every_hook_and_field_has_a_line() -> None:
    rows = re.findall(r"^\| `(on_\w+)` \| .* \| `(\w+)`: (.*) \|$", PAGE, re.MULTILINE)
    assert {name: event for name, event, _ in rows} == {name: event.__name__ for name, event in HOOKS.items()}
    common = {field.name for field in dataclasses.fields(CallEvent)}
    for name, _, shown in rows:
        own = {field.name for field in dataclasses.fields(HOOKS[name])} - common
        assert set(re.findall(r"`(\w+)`", shown)) == own
    assert common <= set(re.findall(r"`(\w+)`", section("Hooks")))


def test_every_attribute_event_and_metric_has_a_line(
    caller: Caller, waits: list[float], sim: Simulator, telemetry: Telemetry
) -> None:
    replies: Any = (
        respond(503),
        reset,
        respond(json={"workflow_run_id": "r1"}, x_request_id="r", idempotent_replayed="true"),
    )
    with Server(*replies, respond(429), respond(404)) as server:
        client = caller.client(server.url)
        telemetry.instrument(client)
        caller(client.workflows.trigger, "flow", recipients=["u1"])
        caller.together([lambda: client.users.get("u1")])
    limited = simulated(caller, sim, rate_limit="tiers")
    telemetry.instrument(limited)
    for _ in range(2):
        caller(limited.users.bulk.identify, users=[{"id": "u1"}])
    spans, events = section("Spans").split("\n| event |")
    used = {name for span in telemetry.spans for name in attributes_of(span)}
    assert set(re.findall(r"`([a-z_]+\.[a-z_.]+)`", "".join(re.findall(r"^\| (.*?) \|", spans, re.MULTILINE)))) == used
    happened = {event.name for span in telemetry.spans for event in span.events}
    assert set(re.findall(r"^\| `(\S+)` \|", events, re.MULTILINE)) == happened
    named = {name for span in telemetry.spans for event in span.events for name in event.attributes or {}}
    assert named <= set(re.findall(r"`([a-z_]+\.[a-z_.]+)`", events))
    metrics = set(re.findall(r"^\| `(\S+)` \|", section("Metrics"), re.MULTILINE))
    assert metrics == {name for name in metrics if telemetry.points(name)}
    attributes = {name for metric in metrics for point in telemetry.points(metric) for name in point.attributes}
    assert attributes == set(re.findall(r"`([a-z_]+\.[a-z_.]+)`", section("Metrics"))) - metrics
