"""The pages of runs: what each step did, and why it did nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk.testing import (
    Arm,
    Batch,
    Branch,
    Cohort,
    CohortArm,
    Delay,
    Fetch,
    Send,
    Simulator,
    Throttle,
    TriggerWorkflow,
    UpdateData,
    Wait,
)

if TYPE_CHECKING:
    from knock_sdk import Knock
    from tests.simulator.server.page.conftest import Page, Site

FREE = [{"variable": "recipient.plan", "operator": "equal_to", "argument": "free"}]
LARGE: Any = [{"variable": "data.amount", "operator": "greater_than", "argument": 100}]


def run_ids(client: Knock, workflow: str = "welcome") -> list[str]:
    """Return the ids of the runs of a workflow, newest first."""
    return [run.id for run in client.workflow_recipient_runs.list(workflow=workflow)]


def trigger(site: Site, client: Knock, to: str = "ana", workflow: str = "welcome", **options: Any) -> Page:
    """Trigger a workflow; return the page of its newest run."""
    client.workflows.trigger(workflow, recipients=[to], **options)
    return site.get(f"/runs/{run_ids(client, workflow)[0]}")


def steps(page: Page) -> list[str]:
    """Return what the list says of each step."""
    return [element.text for element in page.all("li", class_="step-row")]


def drawn(page: Page) -> list[tuple[str, str]]:
    """Return the state and the title of each box of the drawing."""
    boxes = page.all("g", class_="step")
    return [(each.attributes["class"].removeprefix("step step-"), each.text) for each in boxes]


@pytest.fixture(autouse=True)
def ana(client: Knock) -> None:
    client.users.update("ana", name="Ana Reyes", email="ana@x.example", properties={"plan": "free"})


def test_a_step_that_was_taken_links_its_message_and_one_that_was_not_reached_is_pale(
    site: Site, sim: Simulator, client: Knock
) -> None:
    sim.workflow("welcome", steps=[Send("email"), Delay(timedelta(hours=1)), Send("in_app_feed", ref="later")])
    page = trigger(
        site, client, data={"amount": 5}, tenant="acme", cancellation_key="k-1", actor={"id": "ben", "name": "Ben"}
    )
    assert [state for state, _ in drawn(page)] == ["sent", "waiting", "none"]
    (message,) = sim.messages()
    assert page.one("a", href=f"/messages/{message.id}").text == "Message on email"
    email, delay, later = steps(page)
    assert "email_1" in email
    assert "waits 09:00:00 until 10:00:00" in delay
    assert later.endswith("not reached")
    assert page.one("li", id="step-2").attributes["class"] == "step-row pale"
    for fact in ("acme", "k-1", "ben", "Ana Reyes", '"amount": 5', "api"):
        assert fact in page.text
    sim.advance(hours=2)
    page = site.get(page.response.url.path)
    assert [state for state, _ in drawn(page)] == ["sent", "done", "sent"]
    assert "waited 09:00:00 until 10:00:00" in steps(page)[1]


def test_a_branch_says_which_arm_was_taken_and_the_values_that_its_conditions_found(
    site: Site, sim: Simulator, client: Knock
) -> None:
    arms = [
        Arm([Send("email")], LARGE, name="Large"),
        Arm([Send("in_app_feed")], {"any": [*LARGE, *FREE]}, name="Free"),
        Arm(name="Else"),
    ]
    sim.workflow("welcome", steps=[Branch(arms), Send("sms")])
    page = trigger(site, client, data={"amount": 7})
    branch, email, feed, sms = steps(page)
    assert "took Free" in branch
    assert "Not Large: its conditions do not hold." in branch
    assert "data.amount greater than 100 ✗ does not hold: it was 7" in branch
    assert 'recipient.plan equal to "free" ✓ holds: it was "free"' in branch
    assert "Else" not in branch
    assert (email.endswith("not reached"), "delivered" in feed, "no phone_number" in sms) == (True, True, True)
    labels = [(each.text, "taken" in each.attributes["class"]) for each in page.all("g", class_="arm")]
    assert labels == [("Large", False), ("Free", True), ("Else", False)]
    client.users.update("ana", properties={"plan": "pro"})  # the page says what was found then
    assert 'it was "free"' in steps(site.get(page.response.url.path))[0]


def test_branches_in_branches_and_arms_that_end_or_have_no_steps_are_drawn(
    site: Site, sim: Simulator, client: Knock
) -> None:
    inner = Branch([Arm([Send("email")], LARGE, name="Inner"), Arm(name="Past")])
    outer = Branch([Arm([inner], FREE, name="Outer"), Arm([Send("sms")], name="Stop", terminates=True)])
    sim.workflow("welcome", steps=[outer, Send("in_app_feed", ref="last")])
    page = trigger(site, client, data={})
    assert {title.split(":")[1].split(",")[0].strip(): state for state, title in drawn(page)} == {
        "branch_1": "done",
        "branch_2": "done",
        "email_1": "none",
        "sms_1": "none",
        "last": "sent",
    }
    assert len(page.all("g", class_="end")) == 2
    assert "there was no value" in steps(page)[1]


def test_a_cohort_says_its_share(site: Site, sim: Simulator, client: Knock) -> None:
    sim.workflow("welcome", steps=[Cohort([CohortArm("A", 25), CohortArm("B", 75)])])
    sim.cohort("random_cohort_1", "B")
    assert "in the cohort B, of 75% of all" in steps(trigger(site, client))[0]


@pytest.mark.parametrize(
    ("level", "said"),
    [
        ("recipient", "It is set in the recipient's own preference set default."),
        ("tenant", "It is set in the default preferences of the tenant acme."),
        ("environment", "It is set in the default preferences of the environment."),
    ],
)
def test_a_preference_that_blocks_is_named_with_its_level(level: str, said: str) -> None:
    blocking: Any = {"categories": {"billing": {"channel_types": {"email": False}}}}
    sim = Simulator(default_preferences=blocking if level == "environment" else None)
    sim.workflow("welcome", channels=["email"], categories=["billing"])
    with sim.client() as client, sim.serve() as url:
        from httpx import Client

        from tests.simulator.server.page.conftest import Site

        client.users.update("ana", email="ana@x.example")
        if level == "recipient":
            client.users.set_preferences("ana", "default", **blocking)
        if level == "tenant":
            client.tenants.set("acme", settings={"preference_set": blocking})
        with Client(base_url=url, trust_env=False) as http:
            page = trigger(Site(http), client, tenant="acme" if level == "tenant" else None)
    assert "the setting categories.billing.channel_types.email" in steps(page)[0]
    assert said in steps(page)[0]
    assert drawn(page)[0][0] == "skipped"


def test_a_preference_with_conditions_says_what_they_found(site: Site, sim: Simulator, client: Knock) -> None:
    sim.workflow("welcome", channels=["email"])
    client.users.set_preferences("ana", "default", channel_types={"email": {"conditions": LARGE}})
    (step,) = steps(trigger(site, client, data={"amount": 3}))
    assert "the setting channel_types.email" in step
    assert "data.amount greater than 100 ✗ does not hold: it was 3" in step


@pytest.mark.parametrize(
    ("step", "state", "said"),
    [
        (Send("email", conditions=LARGE), "skipped", "conditions of the step email_1 do not hold"),
        (Send("sms"), "skipped", "The recipient has no phone_number."),
        (Send("push"), "skipped", "no device token or connection"),
        (Send("email", {"subject": "{{ 1 | divided_by: 0 }}", "html_body": "x"}), "failed", "divi"),
        (Fetch("https://x.example/{{ data.missing | upcase }}"), "failed", "x.example"),
        (UpdateData({"seen": "yes"}), "done", "update_data_1"),
        (TriggerWorkflow("nothing"), "failed", "nothing"),
    ],
)
def test_each_outcome_of_a_step_is_explained(
    site: Site, sim: Simulator, client: Knock, *, step: Any, state: str, said: str
) -> None:
    sim.workflow("welcome", steps=[step])
    page = trigger(site, client, data={"amount": 5})
    assert drawn(page)[0][0] == state, steps(page)
    assert said in steps(page)[0]


def test_the_conditions_of_a_channel_are_shown(site: Site, sim: Simulator, client: Knock) -> None:
    sim.channel("postmark", type="email", conditions=LARGE)
    sim.workflow("welcome", channels=["postmark"])
    (step,) = steps(trigger(site, client, data={"amount": 5}))
    assert "The conditions of the channel postmark do not hold. data.amount greater than 100" in step
    assert "it was 5" in step


def test_a_throttle_is_where_the_run_ends(site: Site, sim: Simulator, client: Knock) -> None:
    sim.workflow("welcome", steps=[Throttle(timedelta(hours=1)), Send("in_app_feed")])
    trigger(site, client)
    page = trigger(site, client)
    assert [state for state, _ in drawn(page)] == ["ended", "none"]
    assert "The run ended before its last step." in page.text
    assert "The throttle step throttle_1 has let through" in page.text


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"conditions": LARGE}, "The conditions of the workflow's trigger do not hold. data.amount greater than 100 ✗"),
        ({"trigger_frequency": "once_per_recipient"}, "The workflow runs once per recipient, and it has run before."),
    ],
)
def test_a_run_that_did_not_begin_says_why(site: Site, sim: Simulator, client: Knock, options: Any, said: str) -> None:
    sim.workflow("welcome", channels=["in_app_feed"], **options)
    trigger(site, client, data={"amount": 5})
    assert said in trigger(site, client, data={"amount": 5}).text


def test_runs_that_wait_are_cancelled_halted_or_left_inactive(site: Site, sim: Simulator, client: Knock) -> None:
    waits: list[Any] = [
        Wait({"event_type": "recipient", "event_key": "updated"}, timedelta(days=1)),
        Send("in_app_feed"),
    ]
    sim.workflow("welcome", steps=waits)
    sim.workflow("later", steps=[Delay(timedelta(hours=1)), Send("in_app_feed")])
    page = trigger(site, client)
    assert "waits for an event 09:00:00 until 6 Jan, 09:00" in steps(page)[0]
    sim.advance(days=2)
    assert "did not happen in time, and ends the run then." in site.get(page.response.url.path).text
    page = trigger(site, client, workflow="later", cancellation_key="k")
    client.workflows.cancel("later", cancellation_key="k")
    assert "The run was cancelled, by the cancellation key k." in site.get(page.response.url.path).text
    page = trigger(site, client, workflow="later")
    sim.workflow("later", channels=["in_app_feed"], active=False)
    sim.advance(days=2)
    assert "was not active when the run continued." in site.get(page.response.url.path).text


def test_someone_who_was_not_identified_is_said_to_be_unknown(site: Site, sim: Simulator, client: Knock) -> None:
    sim.workflow("welcome", channels=["in_app_feed"])
    assert "The recipient has not been identified" in trigger(site, client, to="nobody").text


def test_a_batch_shows_its_activities(site: Site, sim: Simulator, client: Knock) -> None:
    sim.workflow("welcome", steps=[Batch(timedelta(minutes=30)), Send("in_app_feed")])
    for number in range(3):
        client.workflows.trigger("welcome", recipients=["ana"], data={"number": number})
    last, _, first = run_ids(client)
    page = site.get(f"/runs/{first}")
    assert drawn(page)[0][0] == "waiting"
    assert "collects 09:00:00 until 09:30:00 The batch has 3 activities." in steps(page)[0]
    assert "Batch of 3 triggers" in page.text
    assert '"number": 2' in page.text
    joined = site.get(f"/runs/{last}")
    assert joined.all("a", href=f"/runs/{first}")[0].text == "The run that continues"
    sim.advance(hours=1)
    assert "Batch of 3 triggers" in site.get(f"/runs/{first}").text
    assert "joined a batch" in steps(site.get(f"/runs/{last}"))[0]


def test_runs_of_the_same_trigger_are_linked_and_listed(site: Site, sim: Simulator, client: Knock) -> None:
    sim.workflow("welcome", channels=["in_app_feed"])
    answer = client.workflows.trigger("welcome", recipients=["ana", "ben"])
    newest, oldest = run_ids(client)
    assert site.get(f"/runs/{newest}").one("a", href=f"/runs/{oldest}").text == "Ana Reyes"
    listed = site.get("/runs", trigger=answer.workflow_run_id)
    assert [f"/runs/{each}" for each in (oldest, newest)] == [
        each.attributes["href"] for each in listed.all("a", class_="strong")
    ]
    redirect = site.http.get(f"/runs/{answer.workflow_run_id}", follow_redirects=False)
    assert (redirect.status_code, redirect.headers["location"]) == (303, f"/runs?trigger={answer.workflow_run_id}")
    assert {each.text for each in listed.all("a", href="/users/ana")} == {"Ana Reyes"}
    assert len(site.get("/runs", recipient="ben").all("a", class_="strong")) == 1
    assert len(site.get("/runs", status="completed", workflow="welcome").all("a", class_="strong")) == 2
    assert "No run matches" in site.get("/runs", status="paused").text


def test_without_runs_the_list_says_so_and_an_unknown_run_is_not_found(site: Site) -> None:
    assert "No runs yet" in site.get("/runs").text
    assert "There is no such run" in site.get("/runs/none", 404).text


def test_a_restored_state_still_explains_its_runs(site: Site, sim: Simulator, client: Knock) -> None:
    sim.workflow("welcome", steps=[Branch([Arm([Send("email")], LARGE, name="Large"), Arm(name="Else")])])
    page = trigger(site, client, data={"amount": 7})
    sim.restore(sim.snapshot())
    assert "it was 7" in steps(site.get(page.response.url.path))[0]
