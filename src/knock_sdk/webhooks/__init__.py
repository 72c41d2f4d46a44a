# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Webhooks: checking the requests that Knock sends, and reading their events.

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

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..types.events import Event as Event
    from ..types.events import UnknownEvent as UnknownEvent
    from ..types.message_events import BounceEventData as BounceEventData
    from ..types.message_events import DeliveryAttemptEventData as DeliveryAttemptEventData
    from ..types.message_events import LinkClickEventData as LinkClickEventData
    from ..types.message_events import MessageArchived as MessageArchived
    from ..types.message_events import MessageBounced as MessageBounced
    from ..types.message_events import MessageComplaint as MessageComplaint
    from ..types.message_events import MessageDelivered as MessageDelivered
    from ..types.message_events import MessageDeliveryAttempted as MessageDeliveryAttempted
    from ..types.message_events import MessageInteracted as MessageInteracted
    from ..types.message_events import MessageLinkClicked as MessageLinkClicked
    from ..types.message_events import MessageRead as MessageRead
    from ..types.message_events import MessageSeen as MessageSeen
    from ..types.message_events import MessageSent as MessageSent
    from ..types.message_events import MessageUnarchived as MessageUnarchived
    from ..types.message_events import MessageUndelivered as MessageUndelivered
    from ..types.message_events import MessageUnread as MessageUnread
    from ..types.message_events import MessageUnseen as MessageUnseen
    from ..types.message_events import UndeliveredEventData as UndeliveredEventData
    from ..types.resource_events import CommitEventData as CommitEventData
    from ..types.resource_events import EmailLayoutCommitted as EmailLayoutCommitted
    from ..types.resource_events import EmailLayoutUpdated as EmailLayoutUpdated
    from ..types.resource_events import PartialCommitted as PartialCommitted
    from ..types.resource_events import PartialUpdated as PartialUpdated
    from ..types.resource_events import SourceEventActionCommitted as SourceEventActionCommitted
    from ..types.resource_events import SourceEventActionUpdated as SourceEventActionUpdated
    from ..types.resource_events import TranslationCommitted as TranslationCommitted
    from ..types.resource_events import TranslationUpdated as TranslationUpdated
    from ..types.resource_events import WorkflowCommitted as WorkflowCommitted
    from ..types.resource_events import WorkflowRecipientRunCompleted as WorkflowRecipientRunCompleted
    from ..types.resource_events import WorkflowRecipientRunError as WorkflowRecipientRunError
    from ..types.resource_events import WorkflowRecipientRunStarted as WorkflowRecipientRunStarted
    from ..types.resource_events import WorkflowUpdated as WorkflowUpdated
    from ._errors import MalformedSignatureError as MalformedSignatureError
    from ._errors import MissingSignatureError as MissingSignatureError
    from ._errors import SignatureExpiredError as SignatureExpiredError
    from ._errors import SignatureMismatchError as SignatureMismatchError
    from ._errors import WebhookError as WebhookError
    from ._errors import WebhookPayloadError as WebhookPayloadError
    from ._events import unwrap as unwrap
    from ._signature import sign as sign
    from ._signature import verify as verify

__all__ = [
    "BounceEventData",
    "CommitEventData",
    "DeliveryAttemptEventData",
    "EmailLayoutCommitted",
    "EmailLayoutUpdated",
    "Event",
    "LinkClickEventData",
    "MalformedSignatureError",
    "MessageArchived",
    "MessageBounced",
    "MessageComplaint",
    "MessageDelivered",
    "MessageDeliveryAttempted",
    "MessageInteracted",
    "MessageLinkClicked",
    "MessageRead",
    "MessageSeen",
    "MessageSent",
    "MessageUnarchived",
    "MessageUndelivered",
    "MessageUnread",
    "MessageUnseen",
    "MissingSignatureError",
    "PartialCommitted",
    "PartialUpdated",
    "SignatureExpiredError",
    "SignatureMismatchError",
    "SourceEventActionCommitted",
    "SourceEventActionUpdated",
    "TranslationCommitted",
    "TranslationUpdated",
    "UndeliveredEventData",
    "UnknownEvent",
    "WebhookError",
    "WebhookPayloadError",
    "WorkflowCommitted",
    "WorkflowRecipientRunCompleted",
    "WorkflowRecipientRunError",
    "WorkflowRecipientRunStarted",
    "WorkflowUpdated",
    "sign",
    "unwrap",
    "verify",
]

_MODULES = {
    "BounceEventData": ".types.message_events",
    "CommitEventData": ".types.resource_events",
    "DeliveryAttemptEventData": ".types.message_events",
    "EmailLayoutCommitted": ".types.resource_events",
    "EmailLayoutUpdated": ".types.resource_events",
    "Event": ".types.events",
    "LinkClickEventData": ".types.message_events",
    "MalformedSignatureError": "_errors",
    "MessageArchived": ".types.message_events",
    "MessageBounced": ".types.message_events",
    "MessageComplaint": ".types.message_events",
    "MessageDelivered": ".types.message_events",
    "MessageDeliveryAttempted": ".types.message_events",
    "MessageInteracted": ".types.message_events",
    "MessageLinkClicked": ".types.message_events",
    "MessageRead": ".types.message_events",
    "MessageSeen": ".types.message_events",
    "MessageSent": ".types.message_events",
    "MessageUnarchived": ".types.message_events",
    "MessageUndelivered": ".types.message_events",
    "MessageUnread": ".types.message_events",
    "MessageUnseen": ".types.message_events",
    "MissingSignatureError": "_errors",
    "PartialCommitted": ".types.resource_events",
    "PartialUpdated": ".types.resource_events",
    "SignatureExpiredError": "_errors",
    "SignatureMismatchError": "_errors",
    "SourceEventActionCommitted": ".types.resource_events",
    "SourceEventActionUpdated": ".types.resource_events",
    "TranslationCommitted": ".types.resource_events",
    "TranslationUpdated": ".types.resource_events",
    "UndeliveredEventData": ".types.message_events",
    "UnknownEvent": ".types.events",
    "WebhookError": "_errors",
    "WebhookPayloadError": "_errors",
    "WorkflowCommitted": ".types.resource_events",
    "WorkflowRecipientRunCompleted": ".types.resource_events",
    "WorkflowRecipientRunError": ".types.resource_events",
    "WorkflowRecipientRunStarted": ".types.resource_events",
    "WorkflowUpdated": ".types.resource_events",
    "sign": "_signature",
    "unwrap": "_events",
    "verify": "_signature",
}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        module = _MODULES.get(name)
        if module is None:
            from knock_sdk.errors._hints import missing_name

            raise missing_name(__name__, name, __all__)
        value = globals()[name] = getattr(import_module(f".{module}", __name__), name)
        return value
