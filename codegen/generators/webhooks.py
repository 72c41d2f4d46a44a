"""Generator of `webhooks/__init__.py`, which exports the classes of events beside the functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codegen.formatting import tidy
from codegen.generators import lazy

if TYPE_CHECKING:
    from pathlib import Path

    from codegen.contract.document import Contract

FOLDER = "webhooks"

_BY_HAND = {
    **dict.fromkeys(("sign", "verify"), "_signature"),
    "unwrap": "_events",
    **dict.fromkeys(
        (
            "MalformedSignatureError",
            "MissingSignatureError",
            "SignatureExpiredError",
            "SignatureMismatchError",
            "WebhookError",
            "WebhookPayloadError",
        ),
        "_errors",
    ),
}

_DOCSTRING = """\
Webhooks: checking the requests that Knock sends, and reading their events.

::

    event = webhooks.unwrap(await request.body(), request.headers)  # the secret is in KNOCK_WEBHOOK_SECRET
    match event:
        case webhooks.MessageBounced(data=message):
            ...

`unwrap` returns an event, as the class of its type; `verify` only checks the signature; `sign` makes one, for tests.
`Event` is the union of the classes. All errors are a `WebhookError`, apart from a missing secret and wrong arguments.
"""


def generate(contract: Contract, package: Path) -> None:
    """Write `webhooks/__init__.py` into a package folder."""
    events = {name for domain in _event_domains(contract) for name in _schemas_of(contract, domain)}
    modules = {name: f".types.{contract.domain(name)}" for name in events}
    path = package / FOLDER / "__init__.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    lazy.write(path, _DOCSTRING, {**modules, **_BY_HAND})
    tidy(path)


def _event_domains(contract: Contract) -> set[str]:
    """Return the modules that have the classes of events."""
    bodies = [body["$ref"].rpartition("/")[2] for body in contract.webhooks.values()]
    return {contract.domain("Event"), *map(contract.domain, bodies)}


def _schemas_of(contract: Contract, domain: str) -> list[str]:
    return [name for name in contract.schemas if contract.domain(name) == domain]
