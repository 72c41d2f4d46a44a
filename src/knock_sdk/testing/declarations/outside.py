"""Declarations of the world outside Knock: responses to HTTP fetches, answers of AI agents, cohorts and events."""

from __future__ import annotations

from collections.abc import Callable, Mapping  # noqa: TC003 - needed to evaluate the annotations

from ..environment import Environment
from ..recipients.profiles import reference_of
from ..state.arguments import check_recipient, check_type
from ..state.clock import iso
from ..state.outside import STATUSES, AgentRequest, FetchRequest, FetchResponse, Key, Outside
from ..state.signals import Signal
from ..workflows import audience_triggers
from ..workflows.runtime import outside_world


class OutsideDeclarations(Environment):
    """Declarations of what steps of workflows get from outside; a step that needs one and has none fails."""

    def http(
        self,
        step: str,
        answer: object | Callable[[FetchRequest], object] = None,
        *,
        status: int | None = 200,
        workflow: str | None = None,
    ) -> None:
        """Declare the response to an HTTP fetch step, or replace it.

        Args:
            step: Reference of the step, such as `http_fetch_1`.
            answer: Body of the response, as JSON; or a function that takes the `FetchRequest` and returns the body or a
                `FetchResponse`. A function is not saved with the state.
            status: HTTP status: 200, 201 and 204 are successes, and one of 500 or more is retried; None if no response
                comes in time.
            workflow: Only for the workflow with this key.

        Raises:
            TypeError: The body cannot be represented in JSON.
            ValueError: The status is out of range.
        """
        if status is not None and status not in STATUSES:
            raise ValueError(f"status: takes 100 to 599, not {status}")
        given = answer if callable(answer) or isinstance(answer, FetchResponse) else FetchResponse(answer, status)
        with self._lock:
            self._world.note("declaration")
            outside_world.declare(self._world, Key("http", step, workflow), given)

    @property
    def fetches(self) -> list[FetchRequest]:
        """The requests of HTTP fetch steps so far, oldest first."""
        with self._lock:
            return list(self._world.of(Outside).fetches)

    def agent(
        self, step: str, answer: object | Callable[[AgentRequest], object], *, workflow: str | None = None
    ) -> None:
        """Declare the answer to an AI agent step, or replace it.

        Args:
            step: Reference of the step, such as `ai_agent_1`.
            answer: A text or, if the step asks for JSON, an object; or a function that takes the `AgentRequest` and
                returns it, or raises if the model fails. A function is not saved with the state.
            workflow: Only for the workflow with this key.

        Raises:
            TypeError: The answer cannot be represented in JSON.
        """
        with self._lock:
            self._world.note("declaration")
            outside_world.declare(self._world, Key("agent", step, workflow), answer)

    def cohort(
        self,
        step: str,
        name: str,
        *,
        to: str | Mapping[str, str] | None = None,
        workflow: str | None = None,
    ) -> None:
        """Declare the cohort that a `Cohort` step chooses.

        Args:
            step: Reference of the step, such as `random_cohort_1`.
            name: Name of the cohort.
            to: Only for this recipient: a user id, or an object's id and collection.
            workflow: Only for the workflow with this key.

        Raises:
            TypeError: An argument has a wrong type.
            ValueError: The recipient has no id.
        """
        check_type("step", step, str, "the reference of a step, such as 'random_cohort_1'")
        check_type("name", name, str, "the name of a cohort")
        check_recipient("to", to)
        recipient = None if to is None else reference_of(to)
        with self._lock:
            self._world.note("declaration")
            outside_world.declare(self._world, Key("cohort", step, workflow, recipient), name)

    def event(
        self,
        key: str,
        *,
        source: str,
        user: str | None = None,
        data: Mapping[str, object] | None = None,
    ) -> None:
        """Let an event of an integration source happen; runs that wait for it continue.

        Args:
            key: Key of the event.
            source: Key of the integration source, such as `segment`.
            user: Id of the user that it is about; without one, it may match the waits of any recipient.
            data: Fields of the event, which conditions read as `event.data`.

        Raises:
            TypeError: The data cannot be represented in JSON, or the user is not an id.
        """
        if user is not None:
            check_type("user", user, str, "the id of a user")
        fields = outside_world.check_answer(dict(data or {}))
        with self._lock:
            now = self._world.clock.now
            event = {"event_type": "integration_source", "integration_source_key": source, "event_key": key}
            payload = {"data": fields, "user_id": user, "inserted_at": iso(now)}
            recipient = None if user is None else reference_of(user)
            self._world.signals.append(Signal(event, now, recipient, payload))
            audience_triggers.settle(self._world)
        self._sender.send_due()
