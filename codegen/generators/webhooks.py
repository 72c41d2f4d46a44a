"""Generator of `webhooks/__init__.py`, which exports the classes of events beside the functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codegen.contract.document import references
from codegen.formatting import tidy
from codegen.generators import lazy

if TYPE_CHECKING:
    from pathlib import Path

    from codegen.contract.document import Contract, Node

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

```python
from knock_sdk import webhooks


def receive(body: bytes, headers: dict[str, str]) -> None:
    event = webhooks.unwrap(body, headers)  # the secret is in KNOCK_WEBHOOK_SECRET
    match event:
        case webhooks.MessageBounced(data=message):
            print(message.recipient)
        case _:
            pass
```

`unwrap` returns an event, as the class of its type; `verify` only checks the signature; `sign` makes one, for tests.
`Event` is the union of the classes. All errors are a `WebhookError`, apart from a missing secret and wrong arguments.
"""


def generate(contract: Contract, package: Path) -> None:
    """Write `webhooks/__init__.py` into a package folder."""
    events = set(references(contract.schemas["Event"])) | {"Event"}
    details = {name for event in events for name in references(_details_of(contract.schemas[event]))}
    modules = {name: f".types.{contract.domain(name)}" for name in events | details}
    path = package / FOLDER / "__init__.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    lazy.write(path, _DOCSTRING, {**modules, **_BY_HAND})
    tidy(path)


def _details_of(event: Node) -> Node:
    """Return the schema of the details of an event."""
    details: Node = event.get("properties", {}).get("event_data", {})
    return details
