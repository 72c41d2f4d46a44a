"""Uses an installed package as its users do: `python smoke.py [EXTRA...]`, with one function for each extra.

It needs nothing but the package, so that it runs where no test tool is installed: with each extra alone, with the
lowest versions of the dependencies, on each Python and system, and frozen into a program. Warnings are errors.
"""

from __future__ import annotations

import asyncio
import csv
import json
import os
import subprocess
import sys
import tempfile
import threading
import warnings
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

import knock_sdk
from knock_sdk import APIConnectionError, AsyncKnock, Knock, KnockError, export, webhooks
from knock_sdk.rate_limits import LimitsRateLimit, RedisRateLimit
from knock_sdk.testing import Simulator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PEOPLE = [{"id": f"user-{number}", "name": f"Person {number}"} for number in range(3)]


class Api(BaseHTTPRequestHandler):
    """Responds with one user to every request."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Respond."""
        body = json.dumps({"__typename": "User", "id": "ana", "name": "Ana", "updated_at": "2026-01-05T09:00:00Z"})
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *arguments: object) -> None:
        """Print nothing."""


@contextmanager
def serve() -> Iterator[str]:
    """Serve it on a port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Api) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def use_base(folder: Path) -> None:
    """Use what needs no extra: both clients over sockets, bulk jobs, exports, webhooks, the simulator."""
    with serve() as url:
        with Knock(api_key="sk_test", base_url=url) as client:
            assert client.users.get("ana").name == "Ana"
        asyncio.run(use_async_client(url))
    simulator = Simulator()
    simulator.workflow("welcome", channels=["email"])
    received: list[webhooks.Event] = []
    simulator.webhook(lambda body, headers: received.append(webhooks.unwrap(body, headers, secret="s")), secret="s")
    client = simulator.client()
    assert client.users.bulk.identify_many(PEOPLE, journal=folder / "journal.sqlite").succeeded == len(PEOPLE)
    assert sorted(user.id for user in client.users.list()) == [person["id"] for person in PEOPLE]
    client.workflows.trigger("welcome", recipients=[{"id": "ana", "email": "ana@example.com"}])
    simulator.assert_sent(to="ana", channel="email")
    assert webhooks.WorkflowRecipientRunCompleted in map(type, received)
    assert export.users(client, folder / "users.csv", format="csv").items == len(PEOPLE) + 1
    with (folder / "users.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == len(PEOPLE) + 1


async def use_async_client(url: str) -> None:
    """Use the asynchronous client, in any event loop."""
    async with AsyncKnock(api_key="sk_test", base_url=url) as client:
        assert (await client.users.get("ana")).name == "Ana"


def use_trio(folder: Path) -> None:
    """Use the asynchronous client in trio."""
    import trio

    with serve() as url:
        trio.run(use_async_client, url)


def use_socks(folder: Path) -> None:
    """Reach for a proxy that is not there: the library is found, the proxy is not."""
    os.environ["ALL_PROXY"] = "socks5://127.0.0.1:9"
    error: KnockError | None = None
    try:
        Knock(api_key="sk_test", max_retries=0).users.get("ana")
    except KnockError as raised:
        error = raised
    finally:
        del os.environ["ALL_PROXY"]
    assert isinstance(error, APIConnectionError), error
    assert not error.sent
    assert "the proxy of ALL_PROXY: cannot connect" in str(error)


def use_tokens(folder: Path) -> None:
    """Sign a user token, which the simulator checks."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    from knock_sdk.user_tokens import sign_user_token

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    simulator = Simulator(signing_key=public)
    token = sign_user_token("ana", signing_key=private, now=simulator.now)
    assert simulator.client(api_key="pk_test", user_token=token).users.update("ana", name="Ana").name == "Ana"


def use_simulator(folder: Path) -> None:
    """Render templates of each kind, and serve the page of the simulator."""
    simulator = Simulator()
    column = "<mj-column><mj-text>Hi {{ recipient.name }}</mj-text></mj-column>"
    body = f"<mjml><mj-body><mj-section>{column}</mj-section></mj-body></mjml>"
    simulator.workflow(
        "welcome",
        channels=["email", "in_app_feed"],
        templates={
            "email": {"subject": "Hi {{ recipient.name | upcase }}", "html_body": body},
            "in_app_feed": {"markdown_body": "Hi **{{ recipient.name }}**"},
        },
        data_schema={"type": "object", "required": ["plan"]},
    )
    ana = {"id": "ana", "name": "Ana", "email": "ana@example.com"}
    simulator.client().workflows.trigger("welcome", recipients=[ana], data={"plan": "pro"})
    simulator.assert_sent(to="ana", channel="email", contains="Hi Ana")
    simulator.assert_sent(to="ana", channel="in_app_feed", contains="<strong>Ana</strong>")
    if getattr(sys, "frozen", False):
        return  # such a program starts no Python
    command = [sys.executable, "-m", "knock_sdk.testing", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            url = process.stdout.readline().split()[-1]
            with urlopen(f"{url}/", timeout=30) as page:
                assert b"<!doctype html>" in page.read().lower()
            with Knock(api_key="sk_test", base_url=url) as client:
                client.users.update("ana", name="Ana")
        finally:
            process.terminate()


def use_redis(folder: Path) -> None:
    """Ask a Redis that is not there for a turn: each process then keeps to its share."""
    limited = Simulator().client(rate_limit=RedisRateLimit("redis://127.0.0.1:9", fallback_share=0.5))
    assert limited.users.update("ana", name="Ana").id == "ana"


def use_limits(folder: Path) -> None:
    """Take turns through the library limits."""
    limited = Simulator().client(rate_limit=LimitsRateLimit("memory://", fallback_share=0.5))
    assert limited.users.update("ana", name="Ana").id == "ana"


def use_progress(folder: Path) -> None:
    """Draw a bar, as where a terminal is found."""
    from knock_sdk.bulk._bar import bar

    with bar("users.bulk.identify_many") as tell:
        report = Simulator().client().users.bulk.identify_many(PEOPLE, on_progress=tell)
    assert report.succeeded == len(PEOPLE)


def use_codegen(folder: Path) -> None:
    """Write a typed workflow from a folder of Knock's CLI."""
    from knock_sdk.workflows.__main__ import main

    workflow = {
        "name": "Welcome",
        "steps": [],
        "trigger_data_json_schema": {"type": "object", "properties": {"plan": {"type": "string"}}},
    }
    path = folder / "workflows" / "welcome" / "workflow.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(workflow), encoding="utf-8")
    assert main([str(folder / "workflows"), "-o", str(folder / "typed.py")]) == 0
    assert 'Workflow("welcome", data=Welcome)' in (folder / "typed.py").read_text(encoding="utf-8")


def use_parquet(folder: Path) -> None:
    """Write a Parquet file and read it."""
    from pyarrow import parquet

    client = Simulator().client()
    client.users.bulk.identify_many(PEOPLE)
    export.users(client, folder / "users.parquet", format="parquet")
    assert parquet.read_table(folder / "users.parquet").num_rows == len(PEOPLE)


def use_otel(folder: Path) -> None:
    """Turn on spans and metrics, with OpenTelemetry's API alone."""
    from knock_sdk import otel

    client = Simulator().client()
    otel.instrument(client)
    assert client.users.update("ana", name="Ana").id == "ana"
    otel.uninstrument(client)


def use_cli(folder: Path) -> None:
    """Run the command `knock-sdk`."""
    command = [sys.executable, "-m", "knock_sdk.cli", "users", "get", "ana", "--json"]
    with serve() as url:
        environment = {**os.environ, "KNOCK_API_KEY": "sk_test", "KNOCK_BASE_URL": url}
        printed = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True).stdout
    assert json.loads(printed)["name"] == "Ana"


USES: dict[str, Callable[[Path], None]] = {
    name.removeprefix("use_"): use
    for name, use in list(globals().items())
    if name.startswith("use_") and name != "use_async_client"
}


def main(extras: list[str]) -> None:
    """Use the package, without extras and with some."""
    warnings.simplefilter("error")
    for extra in ["base", *extras]:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:  # Windows keeps what is open
            USES[extra](Path(folder))
    version = ".".join(map(str, sys.version_info[:3]))
    print(f"knock-sdk {knock_sdk.__version__} on Python {version}: {', '.join(['base', *extras])}")


if __name__ == "__main__":
    main(sys.argv[1:])
