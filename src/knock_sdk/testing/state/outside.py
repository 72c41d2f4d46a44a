"""What tests declare of the world outside Knock: responses to HTTP fetches, answers of AI agents, cohorts.

Values that JSON can represent are a part of the state. Functions are not saved with it; they belong to the simulator in
memory and to its snapshots.
"""

# ruff: noqa: TC001 - annotations of public methods can be evaluated
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, TypeAlias

from .json_objects import JSON
from .records import Reference

Kind: TypeAlias = Literal["http", "agent", "cohort", "webhook"]

STATUSES = range(100, 600)
"""Statuses of HTTP."""


class Key(NamedTuple):
    """What is declared: the kind, and the step that it is for."""

    kind: Kind
    ref: str
    """Reference of the step; for a webhook, its id."""
    workflow: str | None = None
    """Key of the workflow; None for the steps with this reference in any workflow."""
    recipient: Reference | None = None


Functions: TypeAlias = dict[Key, Callable[..., object]]
"""Declared functions, by what they supply."""


@dataclass(frozen=True)
class FetchRequest:
    """A request that an HTTP fetch step would send, rendered.

    Attributes:
        workflow: key of the workflow.
        ref: reference of the step.
        method: HTTP method in lower case.
        url: the URL, without the query.
        query: parameters of the query.
        headers: headers by name.
        body: the body as JSON; None if there is none.
        attempt: number of the attempt, from 1.
    """

    workflow: str
    ref: str
    method: str
    url: str
    query: JSON = field(default_factory=dict[str, Any])
    headers: JSON = field(default_factory=dict[str, Any])
    body: object = None
    attempt: int = 1


@dataclass(frozen=True)
class FetchResponse:
    """The response to an HTTP fetch.

    Attributes:
        body: the body as JSON; None for an empty one.
        status: HTTP status: 200, 201 and 204 are successes, and one of 500 or more is retried; None if no response came
            in time, which is retried too.
    """

    body: object = None
    status: int | None = 200


@dataclass(frozen=True)
class AgentRequest:
    """A request that an AI agent step would make, rendered.

    Attributes:
        workflow: key of the workflow.
        ref: reference of the step.
        model: provider and model.
        prompt: the prompt.
        response_type: `text` or `json`.
    """

    workflow: str
    ref: str
    model: str
    prompt: str
    response_type: str


class Missing(NamedTuple):
    """Something that a step needed and that was not declared, so that it failed."""

    workflow: str
    """Key of the workflow."""
    recipient: Reference
    message: str


class Outside:
    """What was declared, and what was asked for."""

    def __init__(self) -> None:
        """Start without declarations."""
        self.declared: dict[Key, Any] = {}
        self.fetches: list[FetchRequest] = []
        self.missing: list[Missing] = []
