"""Lazy imports: modules are loaded when they are first needed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HEAVY = {"anyio", "asyncio", "httpcore", "httpx", "pydantic", "pydantic_core", "ssl", "trio", "typing_extensions"}
CORE = {
    "deadline",
    "lifetime",
    "logs",
    "nested_calls",
    "mocks",
    "outcome",
    "requests",
    "requests.config",
    "requests.encode",
    "requests.limits",
    "requests.operation",
    "requests.operations",
    "requests.options",
    "requests.request",
    "responses",
    "responses.decode",
    "responses.error_factory",
    "responses.lenient",
    "responses.model",
    "responses.raw",
    "responses.response_info",
    "retry",
    "secret",
    "sentinel",
    "signals",
    "type_guards",
    "values",
    "values.body",
    "values.headers",
    "values.query",
    "values.values",
    "wire",
    "wire.addresses",
    "wire.http1",
    "wire.http1_odd",
    "wire.proxies",
    "wire.response_body",
    "wire.sockets",
    "wire.system_errors",
    "wire.url",
}
HALF = {
    "_concurrency",
    "client",
    "engines",
    "engines.connection",
    "engines.connector",
    "engines.pooled",
    "engines.stream",
    "engines.watched",
    "per_loop",
    "raw_methods",
    "resources",
    "resources._base",
    "resources.workflows",
    "transport",
}
TRIGGER = {
    "Knock": "client.workflows.trigger('digest', recipients=['ada'])",
    "AsyncKnock": "__import__('asyncio').run(client.workflows.trigger('digest', recipients=['ada']))",
}


def modules_after(*statements: str) -> set[str]:
    """Return the modules that a fresh interpreter has loaded after some statements."""
    program = ["import sys", *statements, "print(__import__('json').dumps(sorted(sys.modules)))"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KNOCK_")}
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", "\n".join(program)],
        capture_output=True,
        check=False,
        env={**environment, "PYTHONPATH": os.pathsep.join(sys.path), "NO_PROXY": "*"},
        text=True,
        timeout=120,
    )
    assert run.stderr == ""
    return set(json.loads(run.stdout))


def own_modules(modules: set[str]) -> set[str]:
    """Return the modules that belong to the package."""
    return {name for name in modules if name.partition(".")[0] == "knock_sdk"}


class TriggerHandler(BaseHTTPRequestHandler):
    """Responds to every trigger."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        body = b'{"workflow_run_id":"0c4a7b1e-3f58-4d6a-9c27-5e8f1a2b3c4d"}'
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), TriggerHandler) as listening:
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()
        thread.join()


def test_importing_the_package_loads_no_other_module() -> None:
    before = modules_after()
    loaded = modules_after("import knock_sdk")
    assert own_modules(loaded) == {"knock_sdk"}
    assert (loaded - before) & HEAVY == set()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("KnockError", {"errors", "errors._advice", "errors._text"}),
        ("NOT_GIVEN", {"_core", "_core.sentinel"}),
        ("errors", {"errors", "errors._advice", "errors._text"}),
        ("export", {"errors", "errors._advice", "errors._text", "export", "export._errors", "export._report"}),
        ("types", {"types"}),
        ("params", {"params"}),
    ],
)
def test_importing_a_name_loads_only_its_module(name: str, expected: set[str]) -> None:
    loaded = modules_after(f"from knock_sdk import {name}")
    assert own_modules(loaded) == {"knock_sdk"} | {f"knock_sdk.{module}" for module in expected}
    assert loaded & {"httpx", "httpcore", "pydantic", "anyio"} == set()


def test_pyarrow_is_loaded_for_parquet_alone(tmp_path: Path) -> None:
    program = [
        "from knock_sdk import export",
        "from knock_sdk.testing import Simulator",
        f"export.users(Simulator().client(), {str(tmp_path / 'out')!r}, format=FORMAT)",
    ]
    for name in ("jsonl", "csv"):
        loaded = modules_after(*program[:2], program[2].replace("FORMAT", repr(name)).replace("out", name))
        assert "pyarrow" not in loaded
        assert "knock_sdk.export._async.lists" not in loaded
    pytest.importorskip("pyarrow")
    assert "pyarrow" in modules_after(*program[:2], program[2].replace("FORMAT", "'parquet'"))


@pytest.mark.parametrize("client", TRIGGER)
def test_a_client_loads_no_resource_and_no_generated_module(client: str) -> None:
    loaded = own_modules(modules_after(f"from knock_sdk import {client}", f"{client}(api_key='sk_test')"))
    half = {"Knock": "_sync", "AsyncKnock": "_async"}[client]
    assert {name for name in loaded if ".types" in name or ".params" in name or "operations" in name} == set()
    assert {name for name in loaded if f".{half}." in name} == {
        f"knock_sdk.{half}.{module}" for module in HALF - {"resources.workflows"}
    }


@pytest.mark.parametrize("client", TRIGGER)
def test_the_first_trigger_loads_only_the_modules_it_needs(server: str, client: str) -> None:
    loaded = modules_after(
        f"from knock_sdk import {client}",
        f"client = {client}(api_key='sk_test', base_url={server!r})",
        f"assert {TRIGGER[client]}.workflow_run_id.startswith('0c4a')",
    )
    half = {"Knock": "_sync", "AsyncKnock": "_async"}[client]
    assert own_modules(loaded) == {
        "knock_sdk",
        "knock_sdk._core",
        f"knock_sdk.{half}",
        "knock_sdk.errors",
        "knock_sdk.errors._advice",
        "knock_sdk.errors._text",
        "knock_sdk.types",
        "knock_sdk.types.workflows",
        *(f"knock_sdk._core.{module}" for module in CORE),
        *(f"knock_sdk.{half}.{module}" for module in HALF),
    }
    assert loaded & {"httpcore", "httpx"} == set()


@pytest.mark.parametrize("client", TRIGGER)
def test_httpx_is_not_loaded_before_the_first_call_through_it(server: str, client: str) -> None:
    making = [f"from knock_sdk import {client}", f"client = {client}(api_key='sk_test', base_url={server!r}, "]
    making[1] += "http_client='httpx')"
    assert modules_after(*making) & {"httpcore", "httpx"} == set()
    call = f"assert {TRIGGER[client]}.workflow_run_id.startswith('0c4a')"
    assert modules_after(*making, call) & {"httpcore", "httpx"} == {"httpcore", "httpx"}


@pytest.mark.parametrize("client", TRIGGER)
def test_no_library_is_loaded_for_a_given_client(client: str) -> None:
    given = ["class Given: stream = staticmethod(lambda *given, **named: None)"]
    loaded = modules_after(
        f"from knock_sdk import {client}", *given, f"{client}(api_key='sk_test', http_client=Given())"
    )
    assert loaded & {"httpcore", "httpx"} == set()


def test_nothing_of_bulk_jobs_is_loaded_before_one_runs(server: str) -> None:
    asking = [
        "from knock_sdk import APITimeoutError, Knock",
        f"client = Knock(api_key='sk_test', base_url={server!r})",
        "client.workflows.trigger('digest', recipients=['ada'])",
        "client.bulk_operations, client.users.bulk, client.messages.batch, client.schedules.bulk, client.tenants.bulk",
    ]
    loaded = modules_after(*asking)
    assert {name for name in loaded if "bulk" in name.split(".") or name in {"sqlite3", "rich"}} == set()
    assert not any(name.endswith(".rate_limits") for name in own_modules(loaded))
    running = [*asking, "client.workflows.trigger_each([{'key': 'digest', 'recipients': ['ada']}])"]
    loaded = modules_after(*running)
    # Neither the bar nor the other half, and no generated model that is not needed.
    assert "sqlite3" in loaded
    assert loaded & {"rich", "httpx", "asyncio", "knock_sdk.bulk._bar", "knock_sdk._async.bulk.job"} == set()


def test_waiting_loads_neither_a_journal_nor_the_typed_workflows(server: str) -> None:
    statements = [
        "from knock_sdk import Knock, KnockError",
        f"client = Knock(api_key='sk_test', base_url={server!r}, max_retries=0)",
        "try: client.bulk_operations.wait('op')",
        "except KnockError: pass",
    ]
    assert modules_after(*statements) & {"sqlite3", "rich", "knock_sdk.bulk._journal", "knock_sdk.workflows"} == set()
