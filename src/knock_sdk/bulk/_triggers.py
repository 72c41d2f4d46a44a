"""The items of `workflows.trigger_each`: a workflow, and the arguments of `trigger`."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - needed to evaluate the annotations
from typing import Any, NamedTuple

from typing_extensions import NotRequired, TypedDict

from .. import params as p  # noqa: TC001 - needed to evaluate the annotations
from .._core.type_guards import is_mapping
from .._core.values.argument_types import Items, JSONModel, JSONObject  # noqa: TC001 - needed to evaluate the annotations
from .._core.values.body import as_mapping
from .._core.values.headers import check_idempotency_key
from ..errors import InvalidArgumentError
from ..workflows import Workflow  # noqa: TC001 - needed to evaluate the annotations

_FIELDS = frozenset({"actor", "cancellation_key", "data", "recipients", "settings", "tenant"})


class Trigger(TypedDict):
    """One trigger of `workflows.trigger_each`, with the arguments of `workflows.trigger`."""

    key: str | Workflow[Any]
    """Key of the workflow, or a `Workflow`, whose data is checked."""
    recipients: Items[p.RecipientRequest]
    """Recipients to notify, at most 1,000."""
    actor: NotRequired[p.RecipientRequest | None]
    """User or object that caused the notification."""
    cancellation_key: NotRequired[str | None]
    """Key by which the runs can be cancelled later."""
    data: NotRequired[JSONObject | None]
    """Values for the workflow's templates and conditions, at most 10 MB."""
    settings: NotRequired[p.TriggerWorkflowSettings | JSONModel | None]
    """Settings for the runs of this trigger alone."""
    tenant: NotRequired[p.InlineTenantRequest | None]
    """Tenant whose branding and preferences apply."""
    idempotency_key: NotRequired[str | None]
    """Key under which the API carries this trigger out once within 24 hours; without one, the job has its own."""


class ReadTrigger(NamedTuple):
    """An item, taken apart."""

    key: Any
    body: Mapping[str, Any]
    idempotency_key: str | None


def read_trigger(items: list[Any]) -> ReadTrigger:
    """Take the only item apart; without one, return what stands for it.

    Raises:
        InvalidArgumentError: It is no mapping, or has other fields than those of a trigger.
    """
    if not items:
        return ReadTrigger("workflow", {"recipients": []}, None)
    item: Any = as_mapping(items[0], "trigger")
    if not is_mapping(item):
        raise InvalidArgumentError("trigger", f"must be a mapping with key and recipients, not {type(item).__name__}")
    body = dict(item)
    for name in ("key", "recipients"):
        if name not in body:
            raise InvalidArgumentError(f"trigger.{name}", "is missing")
    key, own_key = body.pop("key"), body.pop("idempotency_key", None)
    if unknown := body.keys() - _FIELDS:
        names = ", ".join(sorted(_FIELDS))
        raise InvalidArgumentError(
            f"trigger.{min(unknown, key=str)}", f"is not a field of a trigger, which has {names}"
        )
    return ReadTrigger(key, body, None if own_key is None else check_idempotency_key(own_key))
