"""Tests of the tasks, which run at once; the simulator's fixtures come with knock-sdk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from celery import states

from .tasks import announce

if TYPE_CHECKING:
    from knock_sdk import Knock
    from knock_sdk.testing import Simulator

COMMENT = ("c1", "Clever girl.", ["ellie"])


@pytest.fixture(autouse=True)
def _knock(intercepted_knock: Simulator, knock: Knock) -> None:
    """Tasks reach the simulator, which knows the workflow and a follower."""
    intercepted_knock.workflow("comment-created", channels=["email"])
    knock.users.update("ellie", email="ellie@example.com")


def test_followers_are_notified(knock_simulator: Simulator) -> None:
    run = announce.apply(COMMENT).get()
    (message,) = knock_simulator.assert_sent(to="ellie", channel="email", contains="Clever girl.")
    assert message.source.workflow_run_id == run


def test_a_task_that_was_sent_twice_notifies_once(knock_simulator: Simulator) -> None:
    assert announce.apply(COMMENT).get() == announce.apply(COMMENT).get()
    knock_simulator.assert_sent(to="ellie", count=1)


@pytest.mark.parametrize("status", [429, 503])
def test_the_task_is_repeated_while_knock_is_unavailable(knock_simulator: Simulator, status: int) -> None:
    knock_simulator.fail("workflows.trigger", status=status, retry_after=600, next=3)
    assert announce.apply(COMMENT).get()
    assert [request.status for request in knock_simulator.requests[1:]] == [status] * 3 + [200]
    knock_simulator.assert_sent(to="ellie", count=1)


def test_a_response_that_was_lost_notifies_once(knock_simulator: Simulator) -> None:
    knock_simulator.drop("workflows.trigger", when="after", next=6)  # more than one task tries
    assert announce.apply(COMMENT).get()
    knock_simulator.assert_sent(to="ellie", count=1)


def test_a_mistake_is_not_repeated(knock_simulator: Simulator) -> None:
    before = len(knock_simulator.requests)
    knock_simulator.fail("workflows.trigger", status=422)
    assert announce.apply(COMMENT).state == states.FAILURE
    assert len(knock_simulator.requests) == before + 1
