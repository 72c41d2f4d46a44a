"""Load on the page and the server: `python -m tests.browser.load [SECONDS]` prints a table.

2,000 messages a second arrive, without and then with the inbox open in Chromium; then the inbox has 100,000 messages.
It measures what the page and the server hold in memory, how long pages take to appear, the time of a served request,
and how long 50 sockets wait for a message.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from knock_sdk import Knock
from tests.browser.chromium import Windows, start
from tests.browser.server import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

KEY = "sk_test_load"
RATE = 2_000
BATCH = 100
"""Recipients of a trigger."""
MANY = 100_000
SOCKETS = 50
CALLS = 1_000
PEOPLE = [f"user-{number}" for number in range(BATCH)]


def main(seconds: int) -> None:
    """Measure everything, and print it as it is found."""
    with ExitStack() as stack:
        server = stack.enter_context(run())
        client = stack.enter_context(Knock(api_key=KEY, base_url=server.url, max_retries=0))
        client.post("/_simulator/workflow", body={"key": "load", "channels": ["in_app_feed"]})
        client.users.bulk.identify(users=[{"id": person, "name": person} for person in PEOPLE])
        process = server.process.pid
        report("server, idle", memory=f"{resident(process):.0f} MB")
        report("served request", p50=f"{time_calls(server.url):.2f} ms")

        send(client, RATE * seconds, RATE)
        report(f"server after {RATE * seconds:,} messages, no page", memory=f"{resident(process):.0f} MB")
        windows = Windows(stack.enter_context(start()))
        page = windows.open(server.url)
        report("page, before", **look(page))
        rate = send(client, RATE * seconds, RATE, lambda: page.wait_for_timeout(0))
        took = measure(lambda: page.evaluate("new Promise(done => requestAnimationFrame(done))"))
        report(f"page, at {rate:,.0f} messages a second", **look(page), frame=f"{took * 1e3:.0f} ms")
        page.wait_for_timeout(3_000)
        report("page, 3 s later", **look(page), memory=f"{resident(process):.0f} MB (server)")

        client.post("/_simulator/reset", body={})
        client.post("/_simulator/workflow", body={"key": "load", "channels": ["in_app_feed"]})
        client.users.bulk.identify(users=[{"id": person, "name": person} for person in PEOPLE])
        rate = send(client, MANY, None, lambda: page.wait_for_timeout(0))
        report(f"{MANY:,} messages at full speed", rate=f"{rate:,.0f} a second", memory=f"{resident(process):.0f} MB")
        for address in ("/", "/?recipient=user-7", "/?q=user-99", "/?q=nothing+has+this", "/workflows", "/requests"):
            fetched = min(measure(httpx.get, server.url + address) for _ in range(3))
            shown = measure(page.goto, server.url + address)
            report(
                f"{address} with {MANY:,} messages", fetched=f"{fetched * 1e3:.0f} ms", shown=f"{shown * 1e3:.0f} ms"
            )
        report("served request, page open", p50=f"{time_calls(server.url):.2f} ms")
        report(f"{SOCKETS} sockets", **time_sockets(server.url, client))
        windows.close()
        problems = windows.problems
        report("problems in the page", found=str(problems or "none"))
        server.stop()


def send(client: Knock, count: int, rate: int | None, between: Callable[[], object] = lambda: None) -> float:
    """Send messages, at a rate or as fast as it goes; return how many a second were sent."""
    begun = time.perf_counter()
    for sent in range(0, count, BATCH):
        client.workflows.trigger("load", recipients=PEOPLE, data={"number": sent, "comment": "Spared no expense."})
        between()
        while rate is not None and time.perf_counter() < begun + (sent + BATCH) / rate:
            time.sleep(0.001)
            between()
    return count / (time.perf_counter() - begun)


def look(page: Page) -> dict[str, str]:
    """Return what the page holds: heap, elements, rows, and the first lines of what it says."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    heap = session.send("Runtime.getHeapUsage")["usedSize"] / 1e6
    session.detach()
    elements = page.evaluate("document.querySelectorAll('*').length")
    rows = page.evaluate("document.querySelectorAll('main tbody tr, main li').length")
    said = page.locator("main").inner_text().split("\n")[:4]
    return {"heap": f"{heap:.1f} MB", "elements": str(elements), "rows": str(rows), "says": " / ".join(said)}


def time_calls(url: str) -> float:
    """Return the median time of a request in milliseconds, over one connection."""
    with httpx.Client(base_url=url, headers={"authorization": f"Bearer {KEY}"}) as client:
        times = [measure(lambda: client.get(f"/v1/users/{PEOPLE[0]}").raise_for_status()) for _ in range(CALLS)]
    return statistics.median(times) * 1e3


def time_sockets(url: str, client: Knock) -> dict[str, str]:
    """Open sockets of 50 users' feeds, and return how long they wait for a message to all of them."""
    from websockets.sync.client import connect

    channel = client.post("/_simulator/channel", body={"key": "in_app_feed"})
    feed = dict(channel)["result"]["id"]
    address = f"{url.replace('http', 'ws', 1)}/ws/v1/websocket?api_key=pk_test_load&vsn=2.0.0"
    with ExitStack() as stack:
        sockets = [stack.enter_context(connect(address, compression=None)) for _ in range(SOCKETS)]
        for number, socket in enumerate(sockets):
            topic = f"feeds:{feed}:{PEOPLE[number]}"
            socket.send(json.dumps(["1", "1", topic, "phx_join", {"client_1": {"archived": "exclude"}}]))
            assert json.loads(socket.recv(timeout=10))[4]["status"] == "ok"
        begun = time.perf_counter()
        client.workflows.trigger("load", recipients=PEOPLE[:SOCKETS])
        answered = time.perf_counter()
        for socket in sockets:
            assert json.loads(socket.recv(timeout=10))[3] == "new-message"
        ended = time.perf_counter()
    return {"trigger": f"{(answered - begun) * 1e3:.0f} ms", "all told after": f"{(ended - begun) * 1e3:.0f} ms"}


def measure(function: Callable[..., object], *args: object) -> float:
    """Return how many seconds a call takes."""
    begun = time.perf_counter()
    function(*args)
    return time.perf_counter() - begun


def resident(process: int) -> float:
    """Return the resident memory of a process in megabytes."""
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def report(subject: str, **values: Any) -> None:
    """Print a line."""
    print(f"{subject:45} {', '.join(f'{name} {value}' for name, value in values.items())}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
