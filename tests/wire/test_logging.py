"""Logs and errors: enough to follow a call, without keys, tokens or, above debug, bodies."""

from __future__ import annotations

import asyncio
import copy
import logging
import os
import pickle
import socket
import subprocess
import sys
import traceback
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import AsyncKnock, KnockError
from tests.support.server import Server, hang, hang_up, raw, reset, respond

from .caller import KEY, USER

if TYPE_CHECKING:
    from tests.support.server import Reply

    from .caller import Caller

TOKEN = "token.canary.2718281828"
EMAIL = "canary@lumen.example"


def trigger(caller: Caller, url: str, **options: Any) -> Any:
    client = caller.client(url, user_token=TOKEN, default_headers={"x-custom": "canary-header"}, **options)
    return caller(client.workflows.trigger, "flow", recipients=[{"id": "u1", "email": EMAIL}])


def test_info_logs_each_response_failure_and_wait(
    caller: Caller, caplog: pytest.LogCaptureFixture, waits: list[float]
) -> None:
    """The lines contain no data of the request."""
    caplog.set_level(logging.INFO)
    with Server(respond(503), reset, respond(json={"workflow_run_id": "r1"}, x_request_id="req_1")) as server:
        trigger(caller, server.url)
    lines = [record.getMessage() for record in caplog.records if record.name == "knock_sdk"]
    path = "POST /v1/workflows/{key}/trigger"
    assert lines[0].startswith(f"{path} 503 attempt=1 ")
    assert lines[1].startswith(f"{path} attempt 2 follows in ")
    assert lines[2].startswith(f"{path} attempt=2 failed: ")
    assert lines[2].endswith("(may have been received)")
    assert lines[3].startswith(f"{path} attempt 3 follows in ")
    assert lines[4].startswith(f"{path} 200 attempt=3 ")
    assert lines[4].endswith("request_id=req_1")
    assert len(lines) == 5
    for secret in (KEY, TOKEN, EMAIL, "canary"):
        assert secret not in caplog.text
    assert len(waits) == 2


def test_debug_logs_headers_and_bodies_without_secrets(caller: Caller, caplog: pytest.LogCaptureFixture) -> None:
    """All loggers are at debug level."""
    caplog.set_level(logging.DEBUG)
    with Server(respond(json={"workflow_run_id": "r1"})) as server:
        trigger(caller, server.url)
    assert "'x-custom': '[hidden]'" in caplog.text
    assert "'authorization': '[hidden]'" in caplog.text
    assert '"recipients"' in caplog.text
    for secret in (KEY, TOKEN, "canary-header"):
        assert secret not in caplog.text


def test_secrets_repeated_by_the_server_are_redacted(caller: Caller, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    echo = respond(400, json={"message": f"bad key {KEY}, bad token {TOKEN}"}, x_request_id=KEY, x_echo=f"Bearer {KEY}")
    with Server(echo) as server, pytest.raises(KnockError):
        trigger(caller, server.url)
    assert "bad key [redacted], bad token [redacted]" in caplog.text
    for secret in (KEY, TOKEN):
        assert secret not in caplog.text


def test_nothing_is_logged_by_default(caller: Caller, capfd: pytest.CaptureFixture[str]) -> None:
    with Server(respond(json={"workflow_run_id": "r1"})) as server:
        trigger(caller, server.url)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(("level", "lines"), [("info", 1), ("debug", 3), ("warning", 0)])
def test_knock_log_writes_to_the_standard_error(level: str, lines: int) -> None:
    program = "import knock_sdk; knock_sdk.Knock().users.get('u1')"
    with Server(respond(json=USER)) as server:
        settings = {"KNOCK_LOG": level, "KNOCK_API_KEY": KEY, "KNOCK_BASE_URL": server.url}
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **settings}
        done = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True, timeout=120
        )
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == lines
    assert KEY not in done.stderr


CALL = "knock_sdk.Knock().users.get('u1')"
CONFIG = "logging.config.dictConfig({'version': 1, 'handlers': {'h': {'class': 'logging.StreamHandler'}}, %s})"
BESIDE = {
    "before": f"logging.basicConfig(); import knock_sdk; {CALL}",
    "after": f"import knock_sdk; client = knock_sdk.Knock(); logging.basicConfig(); {CALL}",
    "of the root": "import knock_sdk; " + CONFIG % "'root': {'handlers': ['h']}" + f"; {CALL}",
    "of the package": "import knock_sdk; "
    + CONFIG % "'disable_existing_loggers': False, 'loggers': {'knock_sdk': {'handlers': ['h'], 'propagate': False}}"
    + f"; {CALL}",
    "of the package, later": "import knock_sdk; client = knock_sdk.Knock(); "
    f"logging.getLogger('knock_sdk').addHandler(logging.StreamHandler()); {CALL}",
    "for warnings": "handler = logging.StreamHandler(); handler.setLevel('WARNING'); "
    f"logging.getLogger().addHandler(handler); import knock_sdk; {CALL}",
    "without propagation": "import knock_sdk; logging.basicConfig(); "
    f"logging.getLogger('knock_sdk').propagate = False; {CALL}",
    "null": f"logging.getLogger().addHandler(logging.NullHandler()); import knock_sdk; {CALL}",
}


@pytest.mark.parametrize("program", BESIDE.values(), ids=list(BESIDE))
def test_knock_log_beside_handlers_of_the_application_writes_each_line_once(program: str) -> None:
    with Server(respond(json=USER)) as server:
        settings = {"KNOCK_LOG": "info", "KNOCK_API_KEY": KEY, "KNOCK_BASE_URL": server.url}
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **settings}
        done = subprocess.run(
            [sys.executable, "-c", f"import logging.config; {program}"],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert "GET /v1/users/{user_id} 200" in line


FAILURES: dict[str, tuple[Reply, dict[str, Any]]] = {
    "status": (respond(401, json={"message": f"{KEY} is wrong", "code": "api_key_expired"}, x_echo=KEY), {}),
    "closed": (hang_up, {}),
    "reset": (reset, {}),
    "timeout": (hang, {"timeout": 0.1}),
    "no HTTP": (raw(b"what?\r\n\r\n", then_close=True), {}),
    "no JSON": (respond(body=f"<p>{KEY}".encode()), {}),
    "too large": (respond(body=KEY.encode() * 100), {"max_response_size": 100}),
}


@pytest.mark.parametrize("name", FAILURES)
def test_errors_contain_no_secret(caller: Caller, waits: list[float], name: str) -> None:
    """Neither the text, nor the local variables of the traceback, nor a pickle; and copies are complete."""
    reply, options = FAILURES[name]
    with Server(reply) as server, pytest.raises(KnockError) as caught:
        trigger(caller, server.url, **options)
    error = caught.value
    ours = [frame for frame in traceback.walk_tb(error.__traceback__) if "knock_sdk" in frame[0].f_code.co_filename]
    shown = [repr(value) for frame, _ in ours for value in frame.f_locals.values()]
    assert shown
    for secret in (KEY, TOKEN):
        assert secret not in str(error) + repr(error) + repr(vars(error))
        assert secret not in "".join(shown)
        assert secret.encode() not in pickle.dumps(error)
    for twin in (pickle.loads(pickle.dumps(error)), copy.deepcopy(error)):
        assert (type(twin), str(twin), vars(twin)) == (type(error), str(error), vars(error))
    assert error.__cause__ is None
    assert error.__context__ is None


def test_the_traceback_of_a_cancelled_call_contains_no_secret() -> None:
    """The call is cancelled while it writes the request, which contains the key."""

    async def main(url: str) -> str:
        async with AsyncKnock(api_key=KEY, base_url=url, user_token=TOKEN) as client:
            with pytest.raises(asyncio.TimeoutError) as caught:
                await asyncio.wait_for(client.put("/v1/x", body="x" * 20_000_000), 0.2)
        return "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())

    with socket.create_server(("127.0.0.1", 0)) as deaf:
        shown = asyncio.run(main(f"http://127.0.0.1:{deaf.getsockname()[1]}"))
    assert "outgoing = " in shown
    # The key alone is a local variable of the test itself.
    assert f"Bearer {KEY}" not in shown
    assert TOKEN not in shown
