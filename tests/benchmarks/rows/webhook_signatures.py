"""Signatures: checking those of webhooks."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from base64 import b64encode
from typing import TYPE_CHECKING

from knock_sdk import webhooks
from tests.support.events import build_event

from ..measure import interleave, per_call
from ..row import BARE, OURS, Goal, Row

if TYPE_CHECKING:
    from ..row import Effort, Samples

SECRET = "a secret"
STRIPE = "stripe"


def check_signature(effort: Effort) -> Samples:
    """Check the signature of a message's event, with `verify`, with a few lines by hand, and with Stripe's library."""
    body = json.dumps(build_event("message.bounced")).encode()
    headers = {
        "host": "example.com",
        "content-type": "application/json",
        "content-length": str(len(body)),
        "x-knock-event": "message.bounced",
        **webhooks.sign(body, secret=SECRET),
    }

    def ours() -> None:
        webhooks.verify(body, headers, secret=SECRET)

    def by_hand() -> None:
        signed_at, _, signature = headers["x-knock-signature"].partition(",")
        expected = hmac.new(SECRET.encode(), signed_at[2:].encode() + b"." + body, hashlib.sha256).digest()
        assert hmac.compare_digest(b64encode(expected).decode(), signature[2:])
        assert abs(time.time() - int(signed_at[2:]) / 1000) < 300

    subjects = {OURS: per_call(ours, 2_000), BARE: per_call(by_hand, 2_000)}
    try:
        import stripe
    except ImportError:
        pass
    else:
        now = str(int(time.time()))
        made = hmac.new(SECRET.encode(), f"{now}.{body.decode()}".encode(), hashlib.sha256).hexdigest()
        header = f"t={now},v1={made}"

        def of_stripe() -> None:
            stripe.WebhookSignature.verify_header(body.decode(), header, SECRET, 300)

        subjects[STRIPE] = per_call(of_stripe, 2_000)
    return interleave(effort, subjects, effort.of(30, 5))


ROWS = (
    Row(
        "webhook-signature",
        "the signature of a webhook",
        check_signature,
        (Goal(OURS, None, 1 / 100_000),),
        rate=True,
    ),
)
