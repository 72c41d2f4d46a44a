"""Queries and assertions about messages, skips and triggers, and the reports of failed assertions."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from knock_sdk.testing import Simulator
from tests.simulator.support.pair import http

ANA = {"id": "ana", "email": "ana@x.example"}
BEN = {"id": "ben"}
MISSING = "workflow_missing: The workflow 'invioce' does not exist, or is not committed; did you mean 'invoice'?"


@pytest.fixture
def sim() -> Simulator:
    sim = Simulator()
    sim.workflow("comment-created", channels=["in_app_feed", "email"])
    sim.workflow("invoice", channels=["email"])
    return sim


def expect_failure(sim: Simulator, assertion: str, *arguments: Any, **options: Any) -> str:
    """Run an assertion that must fail; return its message."""
    with pytest.raises(AssertionError) as caught:
        getattr(sim, assertion)(*arguments, **options)
    return str(caught.value)


def test_messages_are_filtered_by_recipient_channel_workflow_tenant_and_status(knock: Any, sim: Simulator) -> None:
    knock.workflows.trigger("comment-created", recipients=[ANA, BEN], tenant="acme")
    knock.workflows.trigger("invoice", recipients=["ana"])

    def found(**filters: str) -> list[tuple[Any, str]]:
        return [(message.recipient, message.channel.key) for message in sim.messages(**filters)]

    everything = [("ana", "in_app_feed"), ("ana", "email"), ("ben", "in_app_feed"), ("ana", "email")]
    assert found() == everything
    assert [message.id for message in sim.outbox] == [message.id for message in sim.messages()]
    assert found(to="ben") == everything[2:3]
    assert found(channel="email") == [everything[1], everything[3]]
    assert found(workflow="invoice") == everything[3:]
    assert found(tenant="acme") == everything[:3]
    assert found(status="queued") == [everything[1], everything[3]]
    assert found(to="nobody") == found(channel="sms") == found(tenant="x") == found(status="bounced") == []
    knock.messages.mark_as_read(sim.messages(to="ben")[0].id)
    assert found(status="read") == everything[2:3]
    assert [(skip.to, skip.channel) for skip in sim.skips(channel="email")] == [("ben", "email")]
    assert sim.skips(channel="sms") == sim.skips(to="ana") == sim.skips(workflow="invoice") == []


def test_channel_filters_accept_a_key_or_a_type(knock: Any, sim: Simulator) -> None:
    sim.channel("postmark", type="email")
    sim.workflow("w", channels=["postmark"])
    knock.workflows.trigger("w", recipients=[ANA, BEN])
    for name in ("postmark", "email"):
        assert len(sim.messages(channel=name)) == len(sim.skips(channel=name)) == 1


def test_assert_sent(knock: Any, sim: Simulator) -> None:
    due = datetime(2026, 2, 1, tzinfo=timezone.utc)
    knock.workflows.trigger("invoice", recipients=[ANA], data={"number": 7, "due": due, "lines": [1, 2]})
    (message,) = sim.assert_sent(to="ana", channel="email", workflow="invoice")
    assert message.id == sim.outbox[0].id
    sim.assert_sent(data={"number": 7, "due": due})
    sim.assert_sent(subject="invoice", contains="number: 7")
    sim.assert_sent(status="queued", count=1)
    sim.assert_sent(to="ben", count=0)
    knock.workflows.trigger("invoice", recipients=["ana"])
    sim.assert_sent(to="ana", count=2)
    sim.assert_sent(to="ana", count=None)
    sim.assert_not_sent(to="ben")
    sim.assert_not_sent(data={"number": 8})
    sim.assert_not_sent(subject="Invoice")
    sim.assert_not_sent(contains="email")
    sim.assert_not_sent(contains="ana@x.example")


def test_a_failed_assertion_shows_what_was_sent_instead(knock: Any, sim: Simulator) -> None:
    knock.workflows.trigger("comment-created", recipients=[ANA, BEN])
    sim.fail("users.get", next=None, status=404)
    http(sim, "GET", "/v1/users/ana%2Fb?x=1")
    assert expect_failure(sim, "assert_sent", to="ben", channel="email") == (
        "assert_sent(to='ben', channel='email'): 1 expected, 0 found\n"
        "sent: 3\n"
        "  to   channel      workflow         status\n"
        "  ana  in_app_feed  comment-created  delivered\n"
        "  ana  email        comment-created  queued\n"
        "  ben  in_app_feed  comment-created  delivered\n"
        "not sent: 1\n"
        "  to   channel  workflow         why\n"
        "  ben  email    comment-created  no_address: email\n"
        "requests that failed: 1\n"
        "  GET  /v1/users/ana/b  → 404 (fail)"
    )


def test_a_report_shows_the_compared_fields_and_no_others(knock: Any, sim: Simulator) -> None:
    knock.workflows.trigger("invoice", recipients=[ANA], data={"number": 7, "secret": "s3cret"}, tenant="acme")
    text = expect_failure(
        sim, "assert_sent", data={"number": 8, "more": 1}, subject="Invoice", contains="x" * 99, tenant="other"
    )
    head, row = text.splitlines()[2:4]
    assert head.split() == [
        "to",
        "channel",
        "workflow",
        "status",
        "tenant",
        "subject",
        "text",
        "data.number",
        "data.more",
    ]
    assert row.split()[:6] == ["ana", "email", "invoice", "queued", "acme", "invoice"]
    assert row.split()[-2:] == ["7", "-"]
    assert all(len(line) < 200 for line in text.splitlines()[1:])
    assert "s3cret" not in expect_failure(sim, "assert_sent", to="ben")


def test_a_report_says_that_nothing_was_sent(sim: Simulator) -> None:
    assert expect_failure(sim, "assert_sent") == "assert_sent(): 1 expected, 0 found\nsent: nothing"
    assert expect_failure(sim, "assert_sent", count=None).startswith("assert_sent(): at least 1 expected, 0 found")


def test_a_report_counts_unexpected_messages(knock: Any, sim: Simulator) -> None:
    knock.workflows.trigger("invoice", recipients=[ANA])
    assert expect_failure(sim, "assert_not_sent", to="ana").startswith("assert_not_sent(to='ana'): 1 found\nsent: 1\n")
    assert expect_failure(sim, "assert_sent", to="ana", count=2).startswith(
        "assert_sent(to='ana'): 2 expected, 1 found"
    )
    assert expect_failure(sim, "assert_sent", count=0).startswith("assert_sent(): 0 expected, 1 found")


def test_a_report_lists_only_the_last_20_messages(knock: Any, sim: Simulator) -> None:
    knock.workflows.trigger(
        "invoice", recipients=[{"id": f"u{number}", "email": "u@x.example"} for number in range(50)]
    )
    lines = expect_failure(sim, "assert_sent", to="nobody").splitlines()
    assert lines[1:4] == ["sent: 50", "  to   channel  workflow  status", "  … 30 earlier"]
    assert [line.split()[0] for line in lines[4:]] == [f"u{number}" for number in range(30, 50)]


def test_reports_contain_no_key_or_token(sim: Simulator) -> None:
    http(sim, "POST", "/v1/workflows/invoice/trigger", {"recipients": [1]}, key="Bearer sk_canary")
    with sim.client(api_key="sk_canary", user_token="ut_canary") as client:
        client.workflows.trigger("invoice", recipients=[ANA], idempotency_key="ik_canary")
    text = (
        expect_failure(sim, "assert_sent", to="ben")
        + expect_failure(sim, "assert_triggered", "comment-created")
        + sim.summary()
        + repr(sim.requests)
    )
    assert "POST  /v1/workflows/invoice/trigger  → 422 invalid_params: recipients.0 " in text
    assert "canary" not in text


def test_objects_are_recipients_too(knock: Any, sim: Simulator) -> None:
    project = {"id": "p1", "collection": "projects"}
    sim.workflow("comment-created", channels=["in_app_feed"])
    knock.workflows.trigger("comment-created", recipients=[{**project, "name": "P"}])
    sim.assert_sent(to=project)
    sim.assert_triggered("comment-created", recipients=[project])
    assert "projects/p1  in_app_feed" in expect_failure(sim, "assert_sent", to="p1")
    assert "projects/p1" in expect_failure(sim, "assert_triggered", "invoice")


def test_triggers_record_their_arguments_and_can_be_asserted(knock: Any, sim: Simulator) -> None:
    knock.workflows.trigger(
        "invoice", recipients=[ANA, "ben"], data={"n": 1}, actor=BEN, tenant={"id": "acme"}, cancellation_key="c"
    )
    (trigger,) = sim.triggers
    assert (trigger.workflow, trigger.recipients, trigger.data) == ("invoice", ("ana", "ben"), {"n": 1})
    assert (trigger.actor, trigger.tenant, trigger.cancellation_key) == ("ben", "acme", "c")
    assert trigger.request is sim.requests[0]
    assert sim.assert_triggered("invoice", recipients=["ben", "ana"], data={"n": 1}, actor="ben", tenant="acme") == [
        trigger
    ]
    sim.assert_triggered("invoice")
    sim.assert_triggered("comment-created", count=0)
    text = expect_failure(sim, "assert_triggered", "invoice", recipients=["ana"], data={"n": 2})
    assert text.splitlines()[:4] == [
        "assert_triggered('invoice'): 1 expected, 0 found",
        "triggered: 1",
        "  workflow  recipients  n",
        "  invoice   ana, ben    1",
    ]
    for wrong in ({"data": {"n": 2}}, {"actor": "ana"}, {"tenant": "x"}, {"count": 2}, {"recipients": ["ana"]}):
        expect_failure(sim, "assert_triggered", "invoice", **wrong)
    with pytest.raises(TypeError, match="a list"):
        sim.assert_triggered("invoice", recipients="ana")


def test_only_triggers_that_were_carried_out_count(knock: Any, sim: Simulator) -> None:
    for _ in range(2):
        knock.workflows.trigger("invoice", recipients=[ANA], idempotency_key="k")
    sim.fail(next=2)
    knock.workflows.trigger("invoice", recipients=[ANA])
    sim.drop(when="after")
    knock.workflows.trigger("invoice", recipients=[ANA])
    http(sim, "POST", "/v1/workflows/unknown/trigger", {"recipients": ["ana"]})
    assert len(sim.requests) == 8
    assert len(sim.triggers) == len(sim.messages()) == 3


def test_triggers_with_a_slash_in_the_key_and_by_notify_are_recorded(sim: Simulator) -> None:
    sim.workflow("a/b c", channels=["in_app_feed"])
    assert http(sim, "POST", "/v1/workflows/a%2Fb%20c/trigger", {"recipients": ["ana"]})[0].status == 200
    http(sim, "PUT", "/v1/users/ana", {})
    body = {"name": "a/b c", "actor": "ana", "recipients": ["ana"]}
    assert http(sim, "POST", "/v1/notify", body)[0].status < 300
    assert [trigger.workflow for trigger in sim.triggers] == ["a/b c", "a/b c"]


def test_data_filters_distinguish_true_from_one(knock: Any, sim: Simulator) -> None:
    knock.workflows.trigger("invoice", recipients=[ANA], data={"n": 1, "deep": {"on": [0]}})
    sim.assert_sent(data={"n": 1, "deep": {"on": [0]}})
    sim.assert_not_sent(data={"n": True})
    sim.assert_not_sent(data={"deep": {"on": [False]}})
    sim.assert_triggered("invoice", data={"n": 1.0})
    with pytest.raises(AssertionError):
        sim.assert_triggered("invoice", data={"n": True})


@pytest.mark.parametrize(
    ("method", "path", "body", "outcome"),
    [
        ("GET", "/v1/users/nobody", None, "404 resource_missing: The user 'nobody' does not exist."),
        ("POST", "/v1/workflows/invioce/trigger", {"recipients": ["ana"]}, f"404 {MISSING}"),
        ("POST", "/v1/schedules", {"recipients": ["ana"], "workflow": "invioce"}, f"404 {MISSING}"),
        ("POST", "/v1/workflows/invoice/trigger", {}, "422 invalid_params: recipients "),
        ("GET", "/v1/nothing", None, "404 "),
        ("PUT", "/v1/users/ana", b"{", "422 invalid_params: body is not JSON"),
    ],
)
def test_a_report_says_why_a_request_failed(sim: Simulator, method: str, path: str, body: Any, outcome: str) -> None:
    _, error = http(sim, method, path, body)
    assert f"  {method}  {path}  → {outcome}" in sim.summary()
    assert error["code"] in sim.summary()
    assert sim.requests[0].error is not None
    assert sim.requests[0].error.startswith(f"{error['code']}: ")
    http(sim, "PUT", "/v1/users/ana", {})
    assert sim.requests[-1].error is None


def test_the_error_of_a_long_list_of_problems_takes_one_line(sim: Simulator) -> None:
    http(sim, "POST", "/v1/workflows/invoice/trigger", {"recipients": [1] * 100})
    assert all(len(line) < 250 for line in sim.summary().splitlines())
