"""Memory: of a process after its first answer, and of messages that are kept.

What counts is `Anonymous` of `/proc/self/smaps_rollup`: what the process has made itself. Pages of files, such as those
of the interpreter and of compiled libraries, are shared with whatever else on the machine uses them.
"""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from ..bodies import PAGE_SIZE, messages
from ..by_hand import common_headers, request_of
from ..measure import interleave
from ..row import BARE, OURS, PEER, Goal, Row
from ..server import Server
from ..subjects import installed
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
_KEEP = """
{start}
fetch()
before = own()
kept = [fetch() for _ in range({pages})]
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
    """Bytes after the first answer, of the programs of the row `start`."""
    with Server() as server:
        programs = scripts(server.url)
        samplers = {name: printed(f"{OWN}{program}print(own())") for name, program in programs.items()}
        return interleave(effort, samplers, effort.of(7, 2), warm_up=1)


def memory_message(effort: Effort) -> Samples:
    """Bytes per message, with 100 pages of 50 kept: `messages.list()`, and `httpx.Client.get(...).json()` by hand."""
    with Server() as server:
        programs = _keepers(server.url)
        samplers = {name: printed(OWN + program) for name, program in programs.items()}
        return interleave(effort, samplers, effort.of(7, 2), warm_up=1)


def _keepers(url: str) -> dict[str, str]:
    """Return the programs that keep pages and print what a message takes."""
    request = request_of(url, lambda client: client.messages.list(), messages())
    starts = {
        OURS: _CLIENT.format(module="knock_sdk", key=KEY, url=url),
        BARE: _BARE.format(headers=common_headers(request), target=url + request.target),
    }
    if installed(PEER):
        starts[PEER] = _CLIENT.format(module="knockapi", key=KEY, url=url)
    count = PAGES * PAGE_SIZE
    return {name: _KEEP.format(start=start, pages=PAGES, messages=count) for name, start in starts.items()}


def printed(program: str) -> Callable[[], float]:
    """Return what runs a program, and reads the figure in the last line of its output."""

    def sample() -> float:
        done = subprocess.run([*interpreter(), "-c", program], stdout=subprocess.PIPE, text=True, check=True)
        return float(done.stdout.splitlines()[-1])

    return sample


ROWS = (
    Row(
        "memory-start",
        "memory after the first answer (by hand: httpx and Pydantic)",
        memory_start,
        (Goal(OURS, BARE, 1.05),),
        needs=(ROLLUP,),
    ),
    Row(
        "memory-message",
        "memory per message kept (by hand: a dict)",
        memory_message,
        (Goal(OURS, BARE, 2.00),),
        needs=(ROLLUP,),
    ),
)
