"""Memory: of a process after its first response, and of stored messages.

The measure is `Anonymous` of `/proc/self/smaps_rollup`: memory that the process allocated itself. Pages of files, such
as those of the interpreter and of compiled libraries, are shared with other processes.
"""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from ..bodies import PAGE_SIZE, messages
from ..by_hand import common_headers, request_of
from ..measure import interleave
from ..row import BARE, OURS, PEER, Goal, Row
from ..server import Server
from ..subjects import installed_version
from .starts import KEY, interpreter, scripts

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..row import Effort, Samples

PAGES = 100
ROLLUP = "/proc/self/smaps_rollup"
OWN = f"""
def own():
    with open({ROLLUP!r}) as lines:
        return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("Anonymous:"))
"""
_STORE = """
{start}
fetch()
before = own()
stored = [fetch() for _ in range({pages})]
print((own() - before) / {messages})
"""
_CLIENT = """
from {module} import Knock
client = Knock(api_key={key!r}, base_url={url!r})
fetch = lambda: client.messages.list()
"""
_BARE = """
import httpx
client = httpx.Client(headers={headers!r})
fetch = lambda: client.get({target!r}).json()
"""


def memory_start(effort: Effort) -> Samples:
    """Measure the bytes after the first response, of the programs of the row `start`."""
    with Server() as server:
        programs = scripts(server.url)
        samplers = {name: run_program(f"{OWN}{program}print(own())") for name, program in programs.items()}
        return interleave(effort, samplers, effort.of(7, 2), warm_up=1)


def memory_message(effort: Effort) -> Samples:
    """Measure bytes per message in 100 stored pages of 50: `messages.list()`, and `httpx.Client.get(...).json()`."""
    with Server() as server:
        programs = _storing_programs(server.url)
        samplers = {name: run_program(OWN + program) for name, program in programs.items()}
        return interleave(effort, samplers, effort.of(7, 2), warm_up=1)


def _storing_programs(url: str) -> dict[str, str]:
    """Return programs that store pages and print the bytes per message."""
    request = request_of(url, lambda client: client.messages.list(), messages())
    starts = {
        OURS: _CLIENT.format(module="knock_sdk", key=KEY, url=url),
        BARE: _BARE.format(headers=common_headers(request), target=url + request.target),
    }
    if installed_version(PEER):
        starts[PEER] = _CLIENT.format(module="knockapi", key=KEY, url=url)
    count = PAGES * PAGE_SIZE
    return {name: _STORE.format(start=start, pages=PAGES, messages=count) for name, start in starts.items()}


def run_program(program: str) -> Callable[[], float]:
    """Return a function that runs a program and returns the figure in the last line of its output."""

    def sample() -> float:
        done = subprocess.run([*interpreter(), "-c", program], stdout=subprocess.PIPE, text=True, check=True)
        return float(done.stdout.splitlines()[-1])

    return sample


ROWS = (
    Row(
        "memory-start",
        "memory after the first response (baseline: httpx and Pydantic)",
        memory_start,
        (Goal(OURS, BARE, 1.05),),
        needs=(ROLLUP,),
    ),
    Row(
        "memory-message",
        "memory per stored message (baseline: a dict)",
        memory_message,
        (Goal(OURS, BARE, 2.00),),
        needs=(ROLLUP,),
    ),
)
