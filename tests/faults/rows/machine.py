"""The row on errors of the machine, which a client meets before it can send: 36."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from unittest import mock

from tests.support.machine_errors import ERRORS, STEPS, WAITS, raising
from tests.support.sides import both
from tests.support.tls_server import trusted_server

from ..row import Outcome, Row

if TYPE_CHECKING:
    from tests.support.subjects import Subject


def every_error_of_every_step(subject: Subject) -> Outcome:
    """Raise each error from each call that a client makes until it can send; then make a call that works."""
    calls = foreign = unnamed = claimed = received = broken = 0
    with trusted_server() as (server, url), both(subject, url, max_connections=1) as sides:
        for kind, side in zip(("sync", "asyncio" if subject.name == "knock-sdk" else "trio"), sides, strict=True):
            # Waits between attempts are not of interest here.
            with mock.patch("knock_sdk._core.retry.BASE_TRANSIENT", 0.0001):
                for target in (STEPS | WAITS[kind]).values():
                    for error, text in ERRORS:
                        replaced = mock.patch(target, raising(target, error, []))
                        with mock.patch("knock_sdk._core.wire.tls._contexts", {}), replaced, server.held():
                            result = side.run(lambda client: client.schedules.create(recipients=["u1"], workflow="w"))
                        calls += 1
                        foreign += not isinstance(result, subject.error)
                        unnamed += not re.search(f"{text}|TLS|SSL", str(result))
                        claimed += bool(getattr(result, "sent", False))
                        received += server.requests
                        broken += isinstance(side.run(lambda client: client.users.get("u1")), Exception)
                        server.requests = 0
    shown = (
        f"{calls} calls fail: {foreign} foreign exceptions, {unnamed} that do not say why, {claimed} claimed and "
        f"{received} received; {broken} of the calls after them fail"
    )
    return Outcome(shown, calls > 0 and not any((foreign, unnamed, claimed, received, broken)))


ROWS = [
    Row(
        36,
        "each error that the system or Python can raise, from each call that connects",
        "`KnockError` that says why; nothing sent or claimed; the next call works",
        every_error_of_every_step,
    )
]
