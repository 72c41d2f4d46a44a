"""Webhooks and their deliveries, and secure mode."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic_core import from_json

from ....state.webhooks import Webhooks
from ...state_access import locked
from ..lists import newest_first
from ..page_routes import not_found, page_route, redirect
from ..rendering import render
from .listed import Listed
from .targets import hide_credentials, name_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from ....state.rows import OrderedRows
    from ....state.webhooks import WebhookAttempt, WebhookDelivery
    from ....state.world import World
    from ...environments import Environments
    from ..page_request import PageRequest

_INVALID = 422
OUTCOMES = ("pending", "delivered", "dropped")
_EVENT = "event:"
"""What the names of the inputs for types of events begin with."""


class WebhookRow(NamedTuple):
    """A declared webhook."""

    name: str
    """Name of the webhook in forms."""
    target: str
    """Its URL without a password, or the name of the function."""
    events: tuple[str, ...]
    is_function: bool


class DeliveryRow(NamedTuple):
    """What the list shows of a delivery."""

    id: str
    at: datetime | None
    """When it was attempted last."""
    type: str
    target: str
    attempts: int
    status: str
    """What came back last."""
    outcome: str


def routes(environments: Environments) -> list[BaseRoute]:
    """Return the routes of the pages of webhooks."""
    post = ["POST"]
    return [
        page_route(environments, "/webhooks", _show_webhooks),
        page_route(environments, "/webhooks", _add, methods=post),
        page_route(environments, "/webhooks/remove", _remove, methods=post),
        page_route(environments, "/webhooks/secure-mode", _set_secure_mode, methods=post),
        page_route(environments, "/webhooks/deliveries/{id}", _show_delivery),
    ]


def _show_webhooks(page: PageRequest) -> Response:
    return _render(page, {})


def _render(page: PageRequest, problems: Mapping[str, str], status: int = 200) -> Response:
    from .....webhooks._events import event_types  # loads the classes of all events

    outcome = page.query("outcome")
    with locked(page.simulator) as world:
        webhooks = world.of(Webhooks)
        declared = [
            WebhookRow(name_of(each.id), hide_credentials(each.target), each.events, each.is_function)
            for each in webhooks.declared.values()
        ]
        deliveries: OrderedRows[WebhookDelivery] = Listed(list(webhooks.deliveries.values()))
    types = event_types()
    found = newest_first(page, lambda _: deliveries, _row_of, partial(_has_outcome, outcome) if outcome else None)
    return render(
        page,
        "state/webhooks.html",
        status,
        declared=declared,
        found=found,
        total=len(deliveries),
        outcome=outcome,
        outcomes=OUTCOMES,
        types=[each for each in types if each.startswith(("message.", "workflow_recipient_run."))],
        all_types=len(types),
        typed=page.form,
        problems=problems,
        is_secure=page.simulator.signing_key is not None,
    )


def _has_outcome(outcome: str, delivery: WebhookDelivery) -> bool:
    return delivery.outcome == outcome


def _row_of(_: World, delivery: WebhookDelivery) -> DeliveryRow:
    last = delivery.attempts[-1] if delivery.attempts else None
    return DeliveryRow(
        id=delivery.id,
        at=None if last is None else last.at,
        type=delivery.type,
        target=hide_credentials(delivery.target),
        attempts=len(delivery.attempts),
        status=_say(last),
        outcome=delivery.outcome,
    )


def _say(attempt: WebhookAttempt | None) -> str:
    if attempt is None:
        return ""
    return f"{attempt.status}" if attempt.status is not None else attempt.error or "no response"


def _add(page: PageRequest) -> Response:
    url, secret = page.form.get("url", "").strip(), page.form.get("secret", "").strip()
    events = [name.removeprefix(_EVENT) for name in page.form if name.startswith(_EVENT)]
    if not url:
        return _render(
            page, {"url": "Give the URL to which events are sent, such as http://127.0.0.1:3000/knock."}, _INVALID
        )
    try:
        page.simulator.webhook(url, events or None, secret=secret or None)
    except (TypeError, ValueError) as error:
        return _render(
            page, _problem_in(str(error), {"target": "url", "events": "events", "secret": "secret"}), _INVALID
        )
    return redirect(page.to("webhooks"))


def _problem_in(text: str, names: Mapping[str, str]) -> dict[str, str]:
    """Return the problem that an error is about, by the name of the input: errors begin with their argument."""
    argument, _, rest = text.partition(": ")
    return {names[argument]: rest} if argument in names else {"": text}


def _remove(page: PageRequest) -> Response:
    wanted = page.form.get("webhook", "")
    with locked(page.simulator) as world:
        declared = world.of(Webhooks).declared.values()
        found = next((each for each in declared if name_of(each.id) == wanted), None)
    if found is None:
        raise not_found("There is no such webhook", "It may have been removed already.")
    if found.is_function:
        return _render(page, {"": "A function is removed by the program that has declared it."}, _INVALID)
    page.simulator.remove_webhook(found.target)
    return redirect(page.to("webhooks"))


def _set_secure_mode(page: PageRequest) -> Response:
    key = page.form.get("signing_key", "").strip()
    if page.form.get("off"):
        page.simulator.signing_key = None
        return redirect(page.to("webhooks") + "#secure-mode")
    if not key.startswith("-----BEGIN"):  # other texts are taken for the path of a file, which a page may not read
        problem = "Paste the public key as PEM text, which begins with -----BEGIN PUBLIC KEY-----."
        return _render(page, {"signing_key": problem}, _INVALID)
    try:
        page.simulator.signing_key = key
    except (ImportError, TypeError, ValueError) as error:
        return _render(page, {"signing_key": str(error).removeprefix("signing_key: ")}, _INVALID)
    return redirect(page.to("webhooks") + "#secure-mode")


def _show_delivery(page: PageRequest) -> Response:
    with locked(page.simulator) as world:
        delivery = world.of(Webhooks).deliveries.get(page.ids["id"])
    if delivery is None:
        raise not_found("There is no such delivery", f"No delivery has the number {page.ids['id']}.")
    body: Any = from_json(delivery.body)
    return render(
        page,
        "state/delivery.html",
        delivery=delivery,
        target=hide_credentials(delivery.target),
        body=body,
        attempts=delivery.attempts,
    )
