"""The example of tracing: what it prints."""

from __future__ import annotations

import json

from .programs import run


def test_the_trace_of_a_trigger_shows_its_retries() -> None:
    finished = run("tracing.py")
    assert finished.returncode == 0, finished.stderr
    trigger, comment = json.loads(finished.stdout)
    assert trigger["name"] == "POST /v1/workflows/{key}/trigger"
    assert trigger["parent_id"] == comment["context"]["span_id"]
    assert [event["name"] for event in trigger["events"]] == ["knock.attempt", "knock.retry"] * 2 + ["knock.attempt"]
    statuses = [event["attributes"].get("http.response.status_code") for event in trigger["events"][::2]]
    assert statuses == [503, 503, 200]
    assert trigger["attributes"]["http.request.resend_count"] == 2
