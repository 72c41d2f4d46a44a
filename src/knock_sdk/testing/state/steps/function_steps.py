"""Steps of workflows that read from or write to something outside the run, as they are declared."""

# ruff: noqa: TC001, TC003 - annotations of public methods can be evaluated
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, TypeAlias

from .condition_types import Conditions

Method: TypeAlias = Literal["get", "post", "put", "delete", "patch"]


@dataclass(frozen=True)
class Fetch:
    """An HTTP fetch step, whose JSON response is merged into the data of the run.

    Nothing is sent: `Simulator.http` declares the response.

    Attributes:
        url: URL, in Liquid.
        method: HTTP method.
        headers: headers by name, in Liquid; or Liquid that renders to a JSON object.
        query: parameters of the query by name, as `headers`.
        body: body in Liquid, which renders to JSON; sent with `post` and `put` alone.
        response_path: path in the data at which the response is put, such as `order.items`; without one, the response
            must be an object, whose fields replace those of the data.
        conditions: the step is skipped unless they hold, as in `Send`.
        ref: reference of the step; defaults to `http_fetch_1` and so on.
    """

    url: str
    method: Method = "get"
    headers: Mapping[str, str] | str | None = None
    query: Mapping[str, str] | str | None = None
    body: str | None = None
    response_path: str | None = None
    conditions: Conditions = ()
    ref: str | None = None


@dataclass(frozen=True)
class UpdateData:
    """An update data step, which merges an object into the data of the run.

    Attributes:
        data: fields whose texts are in Liquid; or Liquid that renders to a JSON object. A property that is missing is
            an error, unless the filter `default` or a condition asks for it.
        conditions: the step is skipped unless they hold, as in `Send`.
        ref: reference of the step; defaults to `update_data_1` and so on.
    """

    data: Mapping[str, object] | str
    conditions: Conditions = ()
    ref: str | None = None


@dataclass(frozen=True)
class UpdateUser:
    """An update user step, which stores properties of a user, as `users.update` does.

    Attributes:
        properties: properties whose texts are in Liquid; or Liquid that renders to a JSON object. `preferences` are
            merged; channel data cannot be set.
        user: id of the user, in Liquid; the recipient of the run if absent.
        conditions: the step is skipped unless they hold, as in `Send`.
        ref: reference of the step; defaults to `update_user_1` and so on.
    """

    properties: Mapping[str, object] | str
    user: str | None = None
    conditions: Conditions = ()
    ref: str | None = None


@dataclass(frozen=True)
class UpdateObject:
    """An update object step, which stores properties of an object, as `objects.set` does.

    Attributes:
        collection: collection of the object, in Liquid.
        id: id of the object, in Liquid.
        properties: properties, as in `UpdateUser`.
        conditions: the step is skipped unless they hold, as in `Send`.
        ref: reference of the step; defaults to `update_object_1` and so on.
    """

    collection: str
    id: str
    properties: Mapping[str, object] | str = field(default_factory=dict[str, object])
    conditions: Conditions = ()
    ref: str | None = None


@dataclass(frozen=True)
class UpdateTenant:
    """An update tenant step, which stores properties of a tenant, as `tenants.set` does.

    Attributes:
        properties: properties, as in `UpdateUser`; preferences stand in `settings.preference_set`.
        tenant: id of the tenant, in Liquid; the tenant of the run if absent.
        conditions: the step is skipped unless they hold, as in `Send`.
        ref: reference of the step; defaults to `update_tenant_1` and so on.
    """

    properties: Mapping[str, object] | str
    tenant: str | None = None
    conditions: Conditions = ()
    ref: str | None = None


@dataclass(frozen=True)
class UpdateAudience:
    """An update audience step, which adds the recipient of the run to a static audience or removes it.

    The membership is for the tenant of the run: a guess. Knock does not document how its files write the step.

    Attributes:
        audience: key of the audience; the workflow must not be triggered by the one that it adds to.
        action: whether the recipient is added or removed; nothing happens if that is so already.
        conditions: the step is skipped unless they hold, as in `Send`.
        ref: reference of the step; defaults to `update_audience_1` and so on.
    """

    audience: str
    action: Literal["add", "remove"] = "add"
    conditions: Conditions = ()
    ref: str | None = None


@dataclass(frozen=True)
class TriggerWorkflow:
    """A trigger workflow step, which triggers another workflow; every attribute is Liquid.

    Attributes:
        workflow: key of the workflow.
        recipients: an id, or JSON of one recipient or of a list.
        actor: an id, or JSON of an object's id and collection; empty for none.
        tenant: id of the tenant; empty for none.
        data: JSON of the data.
        cancellation_key: the cancellation key; empty for none.
        conditions: the step is skipped unless they hold, as in `Send`.
        ref: reference of the step; defaults to `trigger_workflow_1` and so on.
    """

    workflow: str
    recipients: str = "{{ recipient.id }}"
    actor: str = "{{ actor.id }}"
    tenant: str = "{{ tenant.id }}"
    data: str = "{{ data | json }}"
    cancellation_key: str = "{{ workflow.cancellation_key }}"
    conditions: Conditions = ()
    ref: str | None = None


@dataclass(frozen=True)
class Wait:
    """A wait for event step, which makes the run wait for an event, or for a time at most.

    Attributes:
        event: the event, as Knock's files write it: `{"event_type": "message", "source_type": "workflow",
            "source_key": "digest", "event_key": "seen"}`, `{"event_type": "workflow", "source_key": …, "event_key":
            "completed"}`, `{"event_type": "audience", "audience_key": …, "event_key": "enter"}`, `{"event_type":
            "recipient", "event_key": "updated"}` or `{"event_type": "integration_source", "integration_source_key": …,
            "event_key": …}`; `Simulator.event` declares that the last one happens.
        timeout: how long to wait at most, up to 30 days.
        matching: conditions on the event, as in `Send`, with its fields as `event.…`; required for messages and
            workflows.
        on_match: whether the run continues, or halts, when the event happens.
        on_timeout: whether the run continues, or halts, when the time is over.
        conditions: the step is skipped unless they hold, as in `Send`.
        ref: reference of the step; defaults to `wait_for_event_1` and so on. Later steps read `refs.<ref>.matched`.
    """

    event: Mapping[str, str]
    timeout: timedelta
    matching: Conditions = ()
    on_match: Literal["continue", "halt"] = "continue"
    on_timeout: Literal["continue", "halt"] = "halt"
    conditions: Conditions = ()
    ref: str | None = None


@dataclass(frozen=True)
class Agent:
    """An AI agent step, whose answer is put into the data of the run below the step's reference.

    No model is called: `Simulator.agent` declares the answer.

    Attributes:
        prompt: the prompt, in Liquid.
        model: provider and model.
        response_type: `text`, which is put at `data.<ref>.text`, or `json`, whose fields are put at `data.<ref>`.
        response_schema: JSON schema of the answer; required for `json`.
        halt_on_error: whether a failed request ends the run.
        web_search: whether the model may search the web.
        conditions: the step is skipped unless they hold, as in `Send`.
        ref: reference of the step; defaults to `ai_agent_1` and so on.
    """

    prompt: str
    model: str = "anthropic:claude-haiku-4-5"
    response_type: Literal["text", "json"] = "text"
    response_schema: Mapping[str, object] | None = None
    halt_on_error: bool = True
    web_search: bool = False
    conditions: Conditions = ()
    ref: str | None = None


@dataclass(frozen=True)
class Guide:
    """An in-app guide step, which lets the recipient see a guide that `Simulator.guide` declares.

    Attributes:
        guide: key of the guide.
        conditions: the step is skipped unless they hold, as in `Send`.
        ref: reference of the step; defaults to `in_app_guide_1` and so on.
    """

    guide: str
    conditions: Conditions = ()
    ref: str | None = None


FunctionStep: TypeAlias = (
    Fetch
    | UpdateData
    | UpdateUser
    | UpdateObject
    | UpdateTenant
    | UpdateAudience
    | TriggerWorkflow
    | Wait
    | Agent
    | Guide
)
