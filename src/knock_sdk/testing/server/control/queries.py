"""Control endpoints that read: each a GET."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typing_extensions import override

from ...state.clock import iso
from ..state_access import locked
from .endpoint import Endpoint, Selected, on_simulator
from .inputs import Input

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...base import BaseSimulator
    from ...http.exchange import ReceivedRequest
    from ...state.webhooks import WebhookDelivery


class RecipientQuery(Input):
    """A recipient in a query; an object is given by its id in `to` and by `collection`."""

    to: str | None = None
    collection: str | None = None

    @override
    def arguments(self) -> dict[str, Any]:
        """Return the fields that the request contains, with the recipient as one value."""
        arguments = super().arguments()
        collection = arguments.pop("collection", None)
        return arguments if collection is None else {**arguments, "to": {"id": self.to, "collection": collection}}


class WaitingQuery(RecipientQuery):
    """Arguments of `Simulator.waiting`, with an object as in `RecipientQuery`."""

    workflow: str | None = None


class SkipQuery(WaitingQuery):
    """Arguments of `Simulator.skips`, with an object as in `RecipientQuery`."""

    channel: str | None = None


class MessageQuery(SkipQuery):
    """Arguments of `Simulator.messages`, with an object as in `RecipientQuery`."""

    tenant: str | None = None
    status: str | None = None


def _get_summary(simulator: BaseSimulator, _: Input) -> object:
    return {"result": simulator.summary()}


def _get_state(simulator: BaseSimulator, _: Input) -> object:
    requests = simulator.requests
    return {
        "now": iso(simulator.now),
        "next_due": iso(simulator.next_due),
        "requests": len(requests),
        "rate_limits": simulator.rate_limits,
    }


def _list_messages(simulator: BaseSimulator, query: MessageQuery) -> object:
    messages = simulator.messages(**query.arguments())
    return {"items": [message.model_dump(mode="json", by_alias=True, exclude_unset=True) for message in messages]}


def _list_skips(simulator: BaseSimulator, query: SkipQuery) -> object:
    return {"items": [skip._asdict() for skip in simulator.skips(**query.arguments())]}


def _list_fetches(simulator: BaseSimulator, _: Input) -> object:
    return {"items": [vars(fetch) for fetch in simulator.fetches]}


def _list_webhook_deliveries(simulator: BaseSimulator, _: Input) -> object:
    return {"items": [{**vars(each), "attempts": _render_attempts(each)} for each in simulator.webhook_deliveries]}


def _render_attempts(delivery: WebhookDelivery) -> list[dict[str, object]]:
    return [{**attempt._asdict(), "at": iso(attempt.at)} for attempt in delivery.attempts]


def _list_waiting(simulator: BaseSimulator, query: WaitingQuery) -> object:
    return {"items": [{**each._asdict(), "until": iso(each.until)} for each in simulator.waiting(**query.arguments())]}


def _list_requests(simulator: BaseSimulator, _: Input) -> object:
    return {"items": [_render_request(received) for received in simulator.requests]}


def _render_request(received: ReceivedRequest) -> dict[str, object]:
    # Without the headers, which contain the API key.
    return {
        "at": iso(received.at),
        "method": received.method,
        "target": received.target,
        "body": received.body.decode("utf-8", "replace"),
        "operation": received.operation,
        "status": received.status,
        "error": received.error,
        "fault": received.fault,
        "replayed": received.replayed,
        "request_id": received.request_id,
    }


def _list_environments(selected: Selected, _: Input) -> object:
    environments = selected.environments
    return {"items": [_render_environment(name, environments.get(name)) for name in environments.names]}


def _render_environment(name: str, simulator: BaseSimulator) -> dict[str, object]:
    with locked(simulator) as world:
        messages = len(world.messages)
    return {"name": name, "now": iso(simulator.now), "requests": len(simulator.requests), "messages": messages}


def _list_snapshots(selected: Selected, _: Input) -> object:
    taken = selected.environments.snapshots(selected.name).taken
    return {"items": [{"name": each.name, "at": iso(each.at)} for each in taken]}


QUERIES: Sequence[Endpoint] = (
    Endpoint("GET", "/", Input, on_simulator(_get_state)),
    Endpoint("GET", "/environments", Input, _list_environments),
    Endpoint("GET", "/fetches", Input, on_simulator(_list_fetches)),
    Endpoint("GET", "/messages", MessageQuery, on_simulator(_list_messages)),
    Endpoint("GET", "/requests", Input, on_simulator(_list_requests)),
    Endpoint("GET", "/skips", SkipQuery, on_simulator(_list_skips)),
    Endpoint("GET", "/snapshots", Input, _list_snapshots),
    Endpoint("GET", "/summary", Input, on_simulator(_get_summary)),
    Endpoint("GET", "/waiting", WaitingQuery, on_simulator(_list_waiting)),
    Endpoint("GET", "/webhook_deliveries", Input, on_simulator(_list_webhook_deliveries)),
)
