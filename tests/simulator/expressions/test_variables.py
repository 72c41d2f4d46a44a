"""Variables of templates and conditions (template-editor/variables), for every kind of run."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from knock_sdk.testing import Batch, Send, Simulator

from ..rules.table import rule

ACME = {
    "id": "acme",
    "name": "Acme",
    "settings": {
        "branding": {"primary_color": "#abcdef", "tagline": "Better"},
        "preference_set": {"categories": {"news": False}},
    },
}

# Template, what it renders to.
VARIABLES = [
    ("{{ recipient.__typename }} {{ recipient.id }} {{ recipient.name }} {{ recipient.plan }}", "User ana Ana pro"),
    ("{{ recipient.created_at }} {{ recipient.updated_at }}", "2020-01-01T00:00:00Z 2026-01-05T09:00:00Z"),
    ("{{ recipient.preferences.categories.ads }}", "false"),
    ("{{ recipient.preferences.categories.news }}", "false"),
    ("{{ recipient.collection }}{{ recipient.subscription }}{{ recipient.schedule }}", ""),
    ("{{ actor.__typename }} {{ actor.name }} {{ actor.updated_at }}", "User Ben 2026-01-05T09:00:00Z"),
    ("{{ actors | map: 'name' | join: ',' }}", "Ben"),
    ("{{ tenant.id }} {{ tenant.name }} {{ tenant.settings.branding.tagline }}", "acme Acme Better"),
    ("{{ tenant.settings.preferences.categories.news }}", "false"),
    ("{{ tenant.settings.preference_set.categories.news }}", "false"),
    ("{{ data.n }} {{ n }}", "3 3"),
    (
        "{{ activities.size }} {{ activities[0].n }} {{ activities[0].data.n }} {{ activities[0].actor.name }}",
        "1 3 3 Ben",
    ),
    ("{{ activities[0].recipient.id }} {{ activities[0].inserted_at }}", "ana 2026-01-05T09:00:00Z"),
    ("{{ total_activities }} {{ total_actors }} {{ timestamp }}", "1 1 2026-01-05T09:00:00Z"),
    ("{{ current_message.inserted_at }} {{ current_message.updated_at }}", "2026-01-05T09:00:00Z 2026-01-05T09:00:00Z"),
    ("{{ workflow.key }} {{ workflow.name }} {{ workflow.categories | join: ',' }}", "w Weekly news"),
    ("{{ workflow.commercial }} {{ workflow.override_preferences }}", "true true"),
    ("{{ workflow.cancellation_key }}", "c1"),
    ("{% if workflow.id %}version{% endif %}", "version"),
    ("{{ vars.app_url }} {{ vars.limits.most }} {% if vars.on == true %}on{% endif %}", "https://x.example 5 on"),
    ("{{ vars.code }} {{ vars.shouted }}", "007 TRUE"),
    ("{{ vars.branding.primary_color }} {{ vars.branding.tagline }}", "#abcdef Better"),
    ("{{ vars.branding.primary_color_contrast }} {{ vars.branding.dark_primary_color }}", "#FFFFFF #FFFFFF"),
    (
        "{{ vars.branding.logo_url }} {{ vars.branding.dark_logo_url }}",
        "https://x.example/l.png https://x.example/l.png",
    ),
    ("{{ vars.manage_preferences_url | slice: 0, 8 }}", "https://"),
    ("{{ vars.commercial_unsubscribe_url | slice: 0, 8 }}", "https://"),
    ("{{ refs.sms_1 }}{{ refs.first.delivery_status }}", "delivered"),
]


@pytest.fixture
def knock(knock: Any, sim: Simulator) -> Any:
    sim.set_variables(
        {
            "app_url": "https://x.example",
            "limits": '{"most": 5}',
            "on": "true",
            "code": "007",
            "shouted": "TRUE",
            "branding": {"logo_url": "https://x.example/l.png", "primary_color": "#000001"},
        }
    )
    knock.users.update(
        "ana",
        name="Ana",
        phone_number="+12025550100",
        properties={"plan": "pro"},
        created_at="2020-01-01T00:00:00Z",
    )
    knock.users.set_preferences("ana", "acme", categories={"ads": False})
    knock.users.update("ben", name="Ben")
    return knock


def render(knock: Any, sim: Simulator, source: str, **options: Any) -> str:
    """Render a template as the text of an SMS that follows an in-app message."""
    sim.workflow(
        "w",
        steps=[Send("in_app_feed", ref="first"), Send("sms", {"text_body": source})],
        name="Weekly",
        categories=["news"],
        commercial=True,
        override_preferences=True,
    )
    given = {"recipients": ["ana"], "actor": "ben", "tenant": ACME, "data": {"n": 3}, "cancellation_key": "c1"}
    knock.workflows.trigger("w", **{**given, **options})
    (message,) = sim.messages(channel="sms")
    body: str = knock.messages.get_content(message.id).data.body
    return body


@rule("te/variables", "templates read the recipient, the actor, the tenant, the data, the activities and the workflow")
@rule("te/variables", "`recipient.preferences` are resolved with those of the tenant")
@rule("c/variables", "a variable that is JSON has the value that it stands for")
@rule("te/variables", "`vars.branding` has defaults, and the values of the tenant")
@rule("te/variables", "`current_message` has an id and two times")
@pytest.mark.parametrize(("source", "expected"), VARIABLES)
def test_templates_read_every_variable(knock: Any, sim: Simulator, source: str, expected: str) -> None:
    assert render(knock, sim, source) == expected


@rule("te/variables", "a run without an actor and a tenant has none, and `actors` is empty")
@rule("preferences/commercial-unsubscribe", "only a commercial workflow has `vars.commercial_unsubscribe_url`")
def test_what_a_run_does_not_have_is_empty(knock: Any, sim: Simulator) -> None:
    sim.workflow(
        "w",
        channels=["sms"],
        templates={
            "sms": {
                "text_body": "[{{ actor.name }}{{ tenant.id }}{{ actors.size }}]{{ vars.commercial_unsubscribe_url }}"
            }
        },
    )
    knock.workflows.trigger("w", recipients=["ana"])
    assert knock.messages.get_content(sim.messages()[0].id).data.body == "[0]"


@rule("te/variables", "an object as the recipient has its collection, and no URL to manage preferences")
def test_an_object_has_a_collection_and_no_links(knock: Any, sim: Simulator) -> None:
    source = "{{ recipient.__typename }} {{ recipient.collection }} {{ recipient.id }}{{ vars.manage_preferences_url }}"
    recipient = {"id": "p1", "collection": "projects", "phone_number": "+12025550100"}
    assert render(knock, sim, source, recipients=[recipient]) == "Object projects p1"


@rule("te/variables", "`recipient.subscription` has the subscription's properties and its object")
def test_a_subscription_is_a_variable(knock: Any, sim: Simulator) -> None:
    knock.objects.set("projects", "p1", name="Road map")
    knock.objects.add_subscriptions("projects", "p1", recipients=["ana"], properties={"role": "admin"})
    source = "{{ recipient.subscription.role }} {{ recipient.subscription.object.name }}"
    assert render(knock, sim, source, recipients=[{"id": "p1", "collection": "projects"}]) == "admin Road map"


@rule("te/variables", "`activities` are in the order of their arrival, up to the render limit; the totals count all")
def test_a_batch_has_activities_and_actors(knock: Any, sim: Simulator) -> None:
    source = (
        "{{ total_activities }} {{ total_actors }} {{ activities | map: 'n' | join: ',' }} "
        "{{ activities.last.actor.name }}"
    )
    sim.workflow("w", steps=[Batch(timedelta(hours=1), render_limit=2), Send("sms", {"text_body": source})])
    for n, actor in ((1, "ben"), (2, "cleo"), (3, "ben")):
        knock.workflows.trigger("w", recipients=["ana"], actor={"id": actor, "name": actor.title()}, data={"n": n})
    sim.advance(hours=1)
    assert knock.messages.get_content(sim.messages()[0].id).data.body == "3 2 1,2 Cleo"


@rule("te/variables", "`recipient.schedule` has its id, its last and its next occurrence")
def test_a_schedule_is_a_variable(knock: Any, sim: Simulator) -> None:
    source = "{% assign s = recipient.schedule %}{{ s.id }} {{ s.last_occurrence_at }} {{ s.next_occurrence_at }}"
    sim.workflow("w", channels=["sms"], templates={"sms": {"text_body": source}})
    (schedule,) = knock.schedules.create(
        workflow="w", recipients=["ana"], repeats=[{"frequency": "daily", "hours": 10, "minutes": 0}]
    )
    sim.advance(hours=2)
    body = knock.messages.get_content(sim.messages()[0].id).data.body
    assert body == f"{schedule.id} 2026-01-05T10:00:00Z 2026-01-06T10:00:00Z"


# Variable, value: as conditions read them.
CONDITIONS = [
    ("recipient.__typename", "User"),
    ("recipient.updated_at", "2026-01-05T09:00:00Z"),
    ("recipient.preferences.categories.ads", False),
    ("workflow.commercial", True),
    ("workflow.override_preferences", True),
    ("workflow.key", "w"),
    ("vars.on", True),
    ("vars.limits.most", 5),
    ("vars.branding.primary_color", "#abcdef"),
    ("tenant.settings.preferences.categories.news", False),
    ("actor.__typename", "User"),
]


@rule("c/conditions", "conditions read all that templates read of recipients, tenants, variables and the workflow")
@pytest.mark.parametrize(("variable", "value"), CONDITIONS)
def test_conditions_read_them_too(knock: Any, sim: Simulator, variable: str, value: object) -> None:
    holds = {"variable": variable, "operator": "equal_to", "argument": value}
    fails = {**holds, "operator": "not_equal_to"}
    sim.workflow(
        "w",
        steps=[Send("sms", conditions=[holds]), Send("in_app_feed", conditions=[fails])],
        commercial=True,
        override_preferences=True,
    )
    knock.workflows.trigger("w", recipients=["ana"], actor="ben", tenant=ACME)
    assert [message.channel.type for message in sim.messages()] == ["sms"]
