"""The pages of workflows, and the form that triggers one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk.testing import Arm, Branch, Send

if TYPE_CHECKING:
    from httpx import Response

    from knock_sdk import Knock
    from knock_sdk.testing import Simulator
    from tests.simulator.server.page.conftest import Site

SCHEMA: Any = {
    "type": "object",
    "required": ["amount"],
    "properties": {
        "amount": {"type": "number", "description": "Amount in euro"},
        "kind": {"type": "string", "enum": ["new", "old"]},
        "vip": {"type": "boolean"},
        "note": {"type": "string"},
        "nested": {"type": "object"},
    },
}


def submit(site: Site, key: str = "order", **form: str) -> Response:
    return site.http.post(f"/workflows/{key}", data=form)


def problems(response: Response) -> list[str]:
    """Return the problems that a page shows at its fields, each with the id of its element."""
    from tests.simulator.server.page.conftest import Page

    assert response.status_code == 422
    return [each.text for each in Page(response).all("p", class_="problem")][1:]


@pytest.fixture
def order(sim: Simulator) -> None:
    sim.workflow("order", channels=["in_app_feed"], data_schema=SCHEMA, categories=["shop"], name="Order placed")


@pytest.mark.usefixtures("order")
def test_workflows_are_listed_and_one_is_drawn(site: Site, sim: Simulator) -> None:
    sim.workflow(
        "sleeping", steps=[Send("email", conditions=[{"variable": "data.x", "operator": "exists"}])], active=False
    )
    sim.workflow("empty", steps=[])
    page = site.get("/workflows")
    assert "Order placed order in_app_feed 1 shop active" in page.text
    assert "inactive" in page.text
    assert "No workflow matches" in site.get("/workflows", q="nothing").text
    one = site.get("/workflows/sleeping")
    assert len(one.all("g", class_="step")) == 1
    assert "data.x exists" in one.text
    assert "The workflow is not active" in one.text
    assert "The workflow has no steps." in site.get("/workflows/empty").text
    assert "There is no workflow other" in site.get("/workflows/other", 404).text


def test_a_drawing_ends_below_its_last_end(site: Site, sim: Simulator) -> None:
    large = {"all": [{"variable": "data.amount", "operator": "greater_than", "argument": "100"}]}
    sim.workflow("paid", steps=[Branch([Arm([Send("email")], large, name="Large"), Arm([Send("sms")], name="Else")])])
    page = site.get("/workflows/paid")
    height = max(float(each.attributes["height"]) for each in page.all("svg"))
    ends = [float(each.attributes["cy"]) for each in page.all("circle") if each.attributes["r"] == "7"][-2:]
    assert max(ends) < height < max(ends) + 60


def test_where_any_workflow_may_be_triggered_its_key_opens_it(site: Site, sim: Simulator) -> None:
    assert "No workflows yet" in site.get("/workflows").text
    response = site.http.get("/workflows", params={"key": "some/key"})
    assert response.headers["location"] == "/workflows/some%2Fkey"
    assert "not declared: it sends one in-app message" in site.get("/workflows/some%2Fkey").text
    assert submit(site, "anything", recipients='{"id": "ana", "name": "Ana"}', data='{"x": 1}').status_code == 303
    assert "anything in_app_feed 1 not declared" in site.get("/workflows").text
    (message,) = sim.messages()
    assert message.recipient == "ana"


@pytest.mark.usefixtures("order")
def test_the_form_has_a_field_for_each_property_of_the_schema(site: Site) -> None:
    page = site.get("/workflows/order")
    assert page.one("input", name="data.amount").attributes["inputmode"] == "decimal"
    assert page.one("input", name="data.note")
    assert page.one("textarea", name="data.nested")
    assert [each.text for each in page.all("option")][:3] == ["Not given", '"new"', '"old"']
    assert "Amount in euro" in page.text


@pytest.mark.usefixtures("order")
def test_a_trigger_is_a_request_and_leads_to_its_run(site: Site, sim: Simulator) -> None:
    form = {"data.amount": "2.5", "data.kind": '"old"', "data.vip": "true", "data.note": "5", "data.nested": '{"a": 1}'}
    response = submit(
        site,
        recipients='ana\n{"id": "ben", "name": "Ben"}\n\n',
        tenant="acme",
        cancellation_key="k",
        data='{"z": 0}',
        **form,
    )
    assert response.status_code == 303
    assert response.headers["location"].startswith("/runs?trigger=")
    request = sim.requests[-1]
    assert (request.operation, request.status) == ("triggerWorkflow", 200)
    assert request.json == {
        "recipients": ["ana", {"id": "ben", "name": "Ben"}],
        "tenant": "acme",
        "cancellation_key": "k",
        "data": {"amount": 2.5, "kind": "old", "vip": True, "note": "5", "nested": {"a": 1}, "z": 0},
    }
    one = submit(site, recipients="ana", **{"data.amount": "1"})
    assert site.get(one.headers["location"]).text.startswith("order / Runs Run for ana")
    assert site.get("/workflows/order").one("input", name="data.amount").attributes["value"] == "1"


@pytest.mark.usefixtures("order")
@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"recipients": " ", "data.amount": "1"}, "Name at least one recipient: an id in a line."),
        ({"recipients": "{ana", "data.amount": "1"}, "This begins with a brace and is not JSON"),
        ({"recipients": "a/b", "data.amount": "1"}, "recipients.0 must not contain '/'"),
        ({"recipients": "ana", "data.amount": "many"}, "Takes a number, such as 5 or 2.5."),
        ({"recipients": "ana", "data.amount": "true"}, "Takes a number, such as 5 or 2.5."),
        ({"recipients": "ana", "data.amount": ""}, "'amount' is a required property"),
        ({"recipients": "ana", "data.amount": "1", "data.kind": '"x"'}, "is not one of"),
        ({"recipients": "ana", "data.amount": "1", "data.kind": "x"}, "Takes one of the listed values."),
        ({"recipients": "ana", "data.amount": "1", "data.vip": "x"}, "Takes true or false."),
        ({"recipients": "ana", "data.amount": "1", "data.nested": "{"}, "Takes JSON, such as"),
        ({"recipients": "ana", "data.amount": "1", "data": "[]"}, "The data must be a JSON object"),
        ({"recipients": "ana", "data.amount": "1", "data": "{"}, "This is not JSON"),
        ({"recipients": "ana", "data.amount": "1", "actor": "ghost"}, "The actor 'ghost' has not been identified"),
    ],
)
def test_a_problem_is_shown_at_its_field_and_what_was_typed_is_kept(
    site: Site, sim: Simulator, form: dict[str, str], expected: str
) -> None:
    from tests.simulator.server.page.conftest import Page

    response = submit(site, cancellation_key="kept", **form)
    (problem,) = problems(response)
    assert expected in problem
    page = Page(response)
    (marked,) = [each for each in page.elements if each.attributes.get("aria-invalid") == "true"]
    described = marked.attributes["aria-describedby"].split()
    assert expected in next(
        each.text for each in page.all("p", class_="problem") if each.attributes.get("id") in described
    )
    assert page.one("input", name="cancellation_key").attributes["value"] == "kept"
    assert page.one("textarea", name="recipients").text == form["recipients"].strip()
    assert sim.messages() == []


@pytest.mark.usefixtures("order")
def test_faults_that_meet_the_trigger_are_shown(site: Site, sim: Simulator) -> None:
    from tests.simulator.server.page.conftest import Page

    for declare, expected in (
        (sim.drop, "A declared fault has dropped the connection."),
        (sim.fail, "The API responded with 503 service_unavailable"),
    ):
        declare("workflows.trigger")
        response = submit(site, recipients="ana", **{"data.amount": "1"})
        assert response.status_code == 422
        assert expected in Page(response).one("p", role="alert").text


def test_a_schema_that_is_hostile_is_text(site: Site, sim: Simulator) -> None:
    bad = "<script>alert(1)</script>\"'><b>"
    schema: Any = {"properties": {bad: {"enum": [bad], "description": bad}}, "description": bad}
    sim.workflow("order", channels=["in_app_feed"], data_schema=schema, name=bad, categories=[bad])
    page = site.get("/workflows/order")
    assert page.all("b") == []
    assert len(page.all("script")) == 1


def test_without_a_schema_the_data_of_the_last_trigger_is_an_example(site: Site, sim: Simulator, client: Knock) -> None:
    sim.workflow("order", channels=["in_app_feed"])
    assert site.get("/workflows/order").one("textarea", name="data").text == ""
    client.workflows.trigger("order", recipients=["ana"], data={"amount": 12})
    assert site.get("/workflows/order").one("textarea", name="data").text == '{ "amount": 12 }'


def test_a_form_that_is_too_large_is_refused_and_nothing_is_sent(site: Site, sim: Simulator) -> None:
    response = site.http.post(
        "/workflows/welcome", data={"recipients": "ana", "data": '{"a": "' + "x" * 4_200_000 + '"}'}
    )
    assert response.status_code == 413
    assert "The form is too large" in response.text
    assert sim.requests == []


@pytest.mark.parametrize("text", ["NaN", "1e400"])
def test_a_number_that_json_does_not_have_is_refused_in_a_recipient(site: Site, sim: Simulator, text: str) -> None:
    response = site.http.post("/workflows/welcome", data={"recipients": f'{{"id": "ana", "age": {text}}}'})
    assert response.status_code == 422
    assert "This begins with a brace and is not JSON" in response.text
    assert sim.requests == []
