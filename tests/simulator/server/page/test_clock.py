"""The page of the clock and faults."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from knock_sdk import KnockError
from knock_sdk.testing import Batch, Delay, Send, Wait
from tests.simulator.server.page.conftest import Page

if TYPE_CHECKING:
    from httpx import Response

    from knock_sdk import Knock
    from knock_sdk.testing import Simulator
    from tests.simulator.server.page.conftest import Site


def post(site: Site, form: str, **fields: str) -> Response:
    return site.http.post(f"/clock/{form}", data=fields)


def test_time_moves_forward_by_a_duration_and_to_the_next_event(site: Site, sim: Simulator, client: Knock) -> None:
    sim.workflow("welcome", steps=[Delay(timedelta(hours=2)), Send("in_app_feed")])
    client.workflows.trigger("welcome", recipients=[{"id": "ana", "name": "Ana"}])
    assert "11:00:00 in 2 h A wait ends in the run of welcome for ana" in site.get("/clock").text
    assert post(site, "advance", amount="1.5", unit="hours").headers["location"] == "/clock"
    assert "Mon 5 Jan 2026, 10:30:00 UTC" in site.get("/clock").text
    assert post(site, "advance", next="1").status_code == 303
    assert "Mon 5 Jan 2026, 11:00:00 UTC" in site.get("/clock").text
    assert len(sim.messages()) == 1
    assert "Nothing waits" in site.get("/clock").text
    assert "disabled" in site.get("/clock").one("button", name="next").attributes
    assert post(site, "advance", next="1").status_code == 422


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ({"amount": "soon", "unit": "hours"}, "Takes a number of 0 or more, such as 90."),
        ({"amount": "-1", "unit": "hours"}, "Takes a number of 0 or more, such as 90."),
        ({"amount": "nan", "unit": "hours"}, "Takes a number of 0 or more, such as 90."),
        ({"amount": "1e308", "unit": "weeks"}, "The clock can be advanced to the year 9999 at most."),
        ({"amount": "9999999", "unit": "weeks"}, "the clock can be advanced to the year 9999 at most"),
        ({"amount": "1", "unit": "years"}, "The unit is one of seconds, minutes, hours, days, weeks."),
    ],
)
def test_a_duration_that_cannot_be_is_explained(site: Site, sim: Simulator, form: dict[str, str], problem: str) -> None:
    before = sim.now
    response = post(site, "advance", **form)
    assert response.status_code == 422
    page = Page(response)
    assert page.one("p", id="problem-amount").text == problem
    assert page.one("input", id="amount").attributes["value"] == form["amount"]
    assert sim.now == before


def test_what_is_scheduled_is_said_in_words_and_linked(site: Site, sim: Simulator, client: Knock) -> None:
    sim.workflow("batched", steps=[Batch(timedelta(minutes=5)), Send("in_app_feed")])
    sim.workflow("waits", steps=[Wait({"event_type": "recipient", "event_key": "updated"}, timedelta(days=1))])
    sim.workflow("mails", channels=["email"])
    client.users.update("ana", email="ana@x.example")
    for workflow in ("batched", "waits", "mails"):
        client.workflows.trigger(workflow, recipients=["ana"])
    client.schedules.create(recipients=["ana"], workflow="mails", scheduled_at=sim.now + timedelta(days=3))
    page = site.get("/clock")
    for said in (
        "The next status: email message to ana",
        "A batch of 1 closes in the run of batched for ana",
        "The time for the event of wait_for_event_1 is over in the run of waits for ana",
        "The schedule of mails for ana",
    ):
        (link,) = [each for each in page.all("a") if each.text == said]
        site.get(link.attributes["href"])
    client.users.update("ana", name="Ana")  # the event that a run waits for
    assert "which a run does not wait for any more" in site.get("/clock").text


def test_faults_are_declared_listed_and_ended(site: Site, sim: Simulator, client: Knock) -> None:
    assert post(site, "faults", fault="fail", status="500", next="2", operation="users.get").status_code == 303
    assert post(site, "faults", fault="slow", seconds="0.5", next="").status_code == 303
    assert post(site, "faults", fault="drop", when="after", next="1", operation="users.update").status_code == 303
    text = site.get("/clock").text
    assert "fail responds with 500: users.get 2 requests left, 0 so far" in text
    assert "slow responds 0.5 s later: all requests until it is ended, 0 so far" in text
    assert "drop drops the connection (after): users.update 1 request left" in text
    sim.clear_faults()
    sim.fail("users.get", next=2)
    with pytest.raises(KnockError):
        client.users.get("ana")
    assert "users.get 1 request left, 1 so far" in site.get("/clock").text
    assert post(site, "end-faults").status_code == 303
    assert "None are declared." in site.get("/clock").text


@pytest.mark.parametrize(
    ("form", "field", "problem"),
    [
        ({"fault": "fail", "status": "200"}, "status", "takes 300 to 599, not 200"),
        ({"fault": "fail", "status": "many"}, "status", "Takes 300 to 599."),
        ({"fault": "fail", "operation": "users.gett"}, "operation", "did you mean 'users.get'"),
        ({"fault": "slow", "seconds": "0"}, "seconds", "takes more than 0"),
        ({"fault": "slow", "seconds": "x"}, "seconds", "Takes a number of seconds above 0, such as 2.5."),
        ({"fault": "drop", "next": "0"}, "next", "Takes a number of requests from 1, or nothing for all."),
        ({"fault": "explode"}, "fault", "Takes one of fail, slow, drop."),
    ],
)
def test_a_fault_that_cannot_be_is_explained(site: Site, form: dict[str, str], field: str, problem: str) -> None:
    response = post(site, "faults", **form)
    assert response.status_code == 422
    page = Page(response)
    assert problem in page.one("p", id=f"problem-{field}").text
    for name in form.keys() - {"fault"}:
        assert page.one("input", id=name).attributes["value"] == form[name]
    assert "None are declared." in page.text


def test_rate_limits_are_turned_on_and_off(site: Site, sim: Simulator) -> None:
    assert "Not enforced." in site.get("/clock").text
    assert post(site, "rate-limits", enforced="1").status_code == 303
    assert sim.rate_limits
    assert "Enforced, per second" in site.get("/clock").text
    assert post(site, "rate-limits", enforced="0").status_code == 303
    assert not sim.rate_limits


def test_the_state_is_kept_restored_and_reset(site: Site, sim: Simulator, client: Knock) -> None:
    client.users.update("ana", name="Ana")
    assert post(site, "snapshot", name="before").status_code == 303
    client.users.update("ben", name="Ben")
    assert "before Mon 5 Jan 2026" in site.get("/clock").text
    assert post(site, "restore", name="before").status_code == 303
    assert "Ana" in site.get("/users").text
    assert "Ben" not in site.get("/users").text
    assert post(site, "delete-snapshot", name="before").status_code == 303
    assert post(site, "restore", name="before").status_code == 404
    response = post(site, "snapshot", name="not a name")
    assert "takes up to 64 letters" in Page(response).one("p", id="problem-name").text
    assert post(site, "reset").status_code == 303
    assert "None yet" in site.get("/users").text


def test_destructive_buttons_need_a_second_step(site: Site, sim: Simulator) -> None:
    post(site, "snapshot", name="one")
    page = site.get("/clock")
    dangerous = [each.text for each in page.all("button", class_="danger")]
    assert dangerous == ["Restore one", "Delete one", "Reset the state"]
    hidden = [each.text for each in page.all("details") if "open" not in each.attributes]
    assert all(any(name in text for text in hidden) for name in dangerous)
