"""Names in queries and assertions: a misspelt one is an error, so that no assertion passes by mistake."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk.testing import Simulator
from tests.simulator.support.pair import http

if TYPE_CHECKING:
    from collections.abc import Callable

WITH_ALL = ("messages", "assert_sent", "assert_not_sent")
PROJECT = {"id": "p1", "collection": "projects", "name": "P"}


@pytest.fixture
def sim() -> Simulator:
    sim = Simulator()
    sim.channel("postmark", type="email")
    sim.workflow("comment-created", channels=["postmark"])
    sim.workflow("invoice", channels=["in_app_feed"])
    return sim


@pytest.mark.parametrize("method", [*WITH_ALL, "skips"])
@pytest.mark.parametrize(
    ("criteria", "problem"),
    [
        (
            {"channel": "emial"},
            "channel: 'emial' is neither a declared channel nor a channel type; did you mean 'email'?",
        ),
        ({"channel": "post-mark"}, "did you mean 'postmark'?"),
        ({"channel": "zzz"}, "there are chat, email, http, in_app_feed, in_app_guide, postmark, push, sms"),
        ({"workflow": "coment-created"}, "no workflow 'coment-created' is declared; did you mean 'comment-created'?"),
        ({"workflow": "zzz"}, "no workflow 'zzz' is declared; there are comment-created, invoice"),
        ({"to": {"id": "p1", "collection": "project"}}, "collection 'project'; did you mean 'projects'?"),
        ({"to": {"id": "p1", "colection": "projects"}}, "to: 'colection' is not a field of a recipient; did you mean"),
        ({"to": {"collection": "projects"}}, "there is no 'id'"),
    ],
)
def test_unknown_names_are_refused(sim: Simulator, method: str, criteria: Any, problem: str) -> None:
    sim.client().workflows.trigger("invoice", recipients=[PROJECT])
    with pytest.raises(ValueError, match=re.escape(problem)):
        getattr(sim, method)(**criteria)


@pytest.mark.parametrize("method", WITH_ALL)
def test_unknown_statuses_are_refused(sim: Simulator, method: str) -> None:
    with pytest.raises(ValueError, match="status: no message can be 'delivred'; did you mean 'delivered'"):
        getattr(sim, method)(status="delivred")


@pytest.mark.parametrize("method", WITH_ALL)
@pytest.mark.parametrize(
    "criteria",
    [{"to": 5}, {"to": {"id": 5}}, {"channel": 1}, {"workflow": b"x"}, {"tenant": 7}, {"status": True}],
    ids=str,
)
def test_values_of_other_types_are_refused(sim: Simulator, method: str, criteria: Any) -> None:
    with pytest.raises(TypeError, match=next(iter(criteria))):
        getattr(sim, method)(**criteria)


@pytest.mark.parametrize("criteria", [{"subject": 5}, {"contains": 5}, {"data": ["n"]}], ids=str)
def test_contents_of_other_types_are_refused(sim: Simulator, criteria: Any) -> None:
    for assertion in (sim.assert_sent, sim.assert_not_sent):
        with pytest.raises(TypeError, match=next(iter(criteria))):
            assertion(**criteria)


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        (lambda sim: sim.assert_triggered("invoise", count=0), "did you mean 'invoice'?"),
        (lambda sim: sim.assert_triggered("invoice", count=0, actor={"id": "x", "collection": "project"}), "actor: "),
        (
            lambda sim: sim.assert_triggered("invoice", count=0, recipients=[{"id": "x", "collection": "project"}]),
            "recipients[0]: no object is in a collection 'project'; did you mean 'projects'?",
        ),
    ],
)
def test_assertions_about_triggers_check_names_too(
    sim: Simulator, call: Callable[[Simulator], object], problem: str
) -> None:
    sim.client().workflows.trigger("comment-created", recipients=[PROJECT])
    with pytest.raises(ValueError, match=re.escape(problem)):
        call(sim)


def test_known_names_are_taken(sim: Simulator) -> None:
    sim.client().workflows.trigger("invoice", recipients=[PROJECT], tenant="acme")
    for channel in ("postmark", "email", "sms", "in_app_guide"):
        sim.assert_not_sent(channel=channel, workflow="comment-created")
    sim.assert_not_sent(to={"id": "p1", "collection": "teams"})  # no object of it is known, and no name is near
    sim.assert_not_sent(to="nobody", tenant="other")
    for status in ("queued", "bounced", "seen", "read", "archived", "link_clicked"):
        sim.assert_not_sent(status=status)
    sim.assert_sent(to={"id": "p1", "collection": "projects"}, workflow="invoice", tenant="acme", status="delivered")


def test_without_declared_workflows_only_a_near_miss_is_refused() -> None:
    sim = Simulator()
    sim.assert_not_sent(workflow="comment-created")  # nothing is known yet
    sim.client().workflows.trigger("comment-created", recipients=[{"id": "ana"}])
    with pytest.raises(ValueError, match="did you mean 'comment-created'"):
        sim.assert_not_sent(workflow="coment-created")
    for other in ("comment-updated", "welcome", "comment-created-2"):
        sim.assert_not_sent(workflow=other)
    sim.workflow("invoice")
    sim.assert_sent(workflow="comment-created")  # triggered before anything was declared
    with pytest.raises(ValueError, match="no workflow 'welcome' is declared"):
        sim.assert_not_sent(workflow="welcome")


def test_with_any_workflow_undeclared_ones_are_taken() -> None:
    sim = Simulator(any_workflow=True)
    sim.workflow("invoice")
    sim.assert_not_sent(workflow="welcome")
    sim.assert_triggered("welcome", count=0)


def test_a_refused_trigger_makes_no_name_known(sim: Simulator) -> None:
    assert http(sim, "POST", "/v1/workflows/coment-created/trigger", {"recipients": ["ana"]})[0].status == 404
    with pytest.raises(ValueError, match="did you mean 'comment-created'"):
        sim.assert_not_sent(workflow="coment-created")
