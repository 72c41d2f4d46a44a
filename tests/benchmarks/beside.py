"""Another checkout of this project beside this one, in turns: what a change does to starts and triggers."""

from __future__ import annotations

import subprocess
from contextlib import ExitStack
from typing import TYPE_CHECKING

from tests.support.environment import plain_environment
from tests.support.subjects import KEY

from .by_hand import DATA, RECIPIENTS, WORKFLOW
from .measure import interleave, ratios, spread
from .row import OURS, Effort
from .rows.starts import import_time, interpreter, scripts, until_response
from .server import Server, TLSServer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from .row import Samples

    Command = tuple[str, ...]

BEFORE = "before"
AT_ONCE = {"trigger-sync": 0, "trigger-async": 1, "trigger-50": 50, "trigger-500": 500, "trigger-2000": 2_000}
AT_ONCE |= {"trigger-tls": 0, "trigger-tls-50": 50}
"""Calls at once of the rows that can be compared, beside `start` and `import`; 0 is the synchronous client."""
NAMES = ("start", "import", *AT_ONCE)
_WORKER = """
import asyncio, sys
from time import perf_counter
from knock_sdk import AsyncKnock, Knock
loop = asyncio.new_event_loop()
client = (AsyncKnock if {at_once} else Knock)(api_key={key!r}, base_url={url!r})
def call():
    return client.workflows.trigger({workflow!r}, recipients={recipients!r}, data={data!r})
async def calls():
    await asyncio.gather(*(call() for _ in range({at_once})))
for _ in sys.stdin:
    started = perf_counter()
    for _ in range({rounds}):
        loop.run_until_complete(calls()) if {at_once} else call()
    print((perf_counter() - started) / {rounds} / ({at_once} or 1), flush=True)
if {at_once}:
    loop.run_until_complete(client.close())
"""


def interpreter_of(checkout: Path) -> Path:
    """Return the path of the interpreter of a checkout."""
    return checkout.absolute() / ".venv" / "bin" / "python"


def compare(checkout: Path, names: Sequence[str], *, quick: bool) -> str:
    """Measure rows with both checkouts, each in processes of its own, and return a table."""
    commands = {OURS: interpreter(), BEFORE: (str(interpreter_of(checkout)), "-I")}
    lines = ["| row | before | now | now / before | quartiles |", "|---|---|---|---|---|"]
    for name in names:
        samples = _measure(Effort(name, quick), commands)
        before, now = (f"{spread(samples[subject])['median'] * 1000:.4g} ms" for subject in (BEFORE, OURS))
        found = spread(ratios(samples[OURS], samples[BEFORE]))
        lines.append(f"| {name} | {before} | {now} | {found['median']:.2f} | {found['quartiles']} |")
    return "\n".join(lines)


def _measure(effort: Effort, commands: dict[str, Command]) -> Samples:
    with TLSServer() if "tls" in effort.name else Server() as server, ExitStack() as stack:

        def sampler(command: Command) -> Callable[[], float]:
            if effort.name == "import":
                return import_time("knock_sdk", command)
            if effort.name == "start":
                return until_response(scripts(server.url)[OURS], command)
            return _worker(server, effort.name, command, stack)

        samplers = {name: sampler(command) for name, command in commands.items()}
        return interleave(effort, samplers, effort.of(9 if effort.name == "trigger-2000" else 40, 3), warm_up=1)


def _worker(server: Server, name: str, command: Command, stack: ExitStack) -> Callable[[], float]:
    url = server.with_delay(0.05) if name == "trigger-2000" else server.url
    at_once = AT_ONCE[name]
    given = {"workflow": WORKFLOW, "recipients": RECIPIENTS, "data": DATA, "rounds": 1 if at_once > 1 else 25}
    program = _WORKER.format(key=KEY, url=url, at_once=at_once, **given)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    process = stack.enter_context(
        subprocess.Popen([*command, "-c", program], text=True, env=plain_environment(), **pipes)
    )

    def sample() -> float:
        print(file=process.stdin, flush=True)
        return float(process.stdout.readline())

    return sample
