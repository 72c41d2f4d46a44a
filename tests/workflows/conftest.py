"""A client of either kind whose requests are recorded."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.calls.recording import SIDES, Recorder, Sent, example_response

if TYPE_CHECKING:
    from collections.abc import Callable


class Client:
    """Makes calls with one kind of client."""

    def __init__(self, side: str) -> None:
        self._side = side

    def send(self, call: Callable[[Any], Any], operation: str = "POST /v1/workflows/{key}/trigger") -> Sent:
        """Make a call, and return the only request that it sent."""
        recorder = Recorder(example_response(operation))
        SIDES[self._side](recorder, call)
        (sent,) = recorder.sent
        return sent

    def trigger(self, workflow: Any, *recipients: Any, **given: Any) -> dict[str, Any]:
        """Trigger a workflow, and return the body of the request."""
        sent = self.send(
            lambda client: client.workflows.trigger(workflow, recipients=list(recipients) or ["ana"], **given)
        )
        body: dict[str, Any] = json.loads(sent.body)
        return body

    def refuse(self, call: Callable[[Any], Any]) -> Exception:
        """Make a call that must be refused before anything is sent, and return the error."""
        recorder = Recorder(example_response("POST /v1/workflows/{key}/trigger"))
        with pytest.raises(Exception, match=r"\w") as caught:
            SIDES[self._side](recorder, call)
        assert recorder.sent == []
        return caught.value

    def refuse_trigger(self, workflow: Any, *recipients: Any, **given: Any) -> Exception:
        """Trigger a workflow, which must be refused."""
        return self.refuse(
            lambda client: client.workflows.trigger(workflow, recipients=list(recipients) or ["ana"], **given)
        )


@pytest.fixture(params=SIDES)
def client(request: pytest.FixtureRequest) -> Client:
    return Client(request.param)
