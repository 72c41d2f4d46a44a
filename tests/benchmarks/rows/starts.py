"""The start: from a new process to the first response, and the import alone."""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import knock_sdk
from tests.support.subjects import KEY

from ..bodies import RUN_ID
from ..by_hand import DATA, RECIPIENTS, WORKFLOW, common_headers, request_of, trigger
from ..measure import interleave
from ..row import BARE, OURS, PEER, Goal, Row
from ..server import Server
from ..subjects import installed_version

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..row import Effort, Samples

CERTIFICATES = "knock-sdk, certificates loaded"
_CLIENT = """
from {module} import Knock
client = Knock(api_key={key!r}, base_url={url!r})
run = client.workflows.trigger({workflow!r}, recipients={recipients!r}, data={data!r})
print(run.workflow_run_id, flush=True)
"""
_BARE = """
from uuid import uuid4
import httpx
from pydantic import BaseModel
class Run(BaseModel):
    workflow_run_id: str
client = httpx.Client(headers={headers!r})
body = {{"data": {data!r}, "recipients": {recipients!r}}}
response = client.post({target!r}, json=body, headers={{"idempotency-key": str(uuid4())}})
print(Run.model_validate_json(response.content).workflow_run_id, flush=True)
"""
_RUN_AT_START = "urllib3_future.pth"
"""It comes with niquests, and imports 10 ms of the standard library in every process."""
_IMPORTED = re.compile(r"^import time: +\d+ \| +(\d+) \| (\w+)$", re.MULTILINE)


def scripts(url: str) -> dict[str, str]:
    """Return programs that trigger once and print the run: the same call with the same headers."""
    require_plain_start()
    request = request_of(url, trigger)
    given = {"key": KEY, "url": url, "workflow": WORKFLOW, "recipients": RECIPIENTS, "data": DATA}
    ours = _CLIENT.format(module="knock_sdk", **given)
    programs = {
        OURS: ours,
        CERTIFICATES: "from knock_sdk._core.wire.tls import tls_context\ntls_context()\n" + ours,
        BARE: _BARE.format(headers=common_headers(request), target=url + request.target, **given),
    }
    if installed_version(PEER):
        programs[PEER] = _CLIENT.format(module="knockapi", **given)
    return programs


def require_plain_start() -> None:
    """Raise if each interpreter of this environment runs a file that imports what is to be measured."""
    if Path(sysconfig.get_path("purelib"), _RUN_AT_START).exists():
        raise RuntimeError(f"{_RUN_AT_START} is installed; install niquests as tests/benchmarks/__init__.py says")


@cache
def interpreter() -> tuple[str, ...]:
    """Return the command of a fresh interpreter, isolated if that finds the same package."""
    isolated = (sys.executable, "-I")
    found = subprocess.run(
        [*isolated, "-c", "import knock_sdk; print(knock_sdk.__file__)"], capture_output=True, text=True, check=False
    )
    return isolated if found.stdout.strip() == knock_sdk.__file__ else (sys.executable,)


def start(effort: Effort) -> Samples:
    """Measure the seconds from the start of a process to the line with its first response; bytecode exists already.

    By hand: httpx, a Pydantic model, one `post`. `httpx.Client` loads the certificates of the system even without TLS,
    as on loopback; this client loads them with the first `https` connection. Therefore it is measured a second time, in
    a program that loads them.
    """
    with Server() as server:
        samplers = {name: until_response(program, interpreter()) for name, program in scripts(server.url).items()}
        return interleave(effort, samplers, effort.of(25, 6), warm_up=1)


def until_response(program: str, command: tuple[str, ...]) -> Callable[[], float]:
    """Return a function that measures the seconds until an interpreter has run a program up to its first response."""

    def sample() -> float:
        started = perf_counter()
        with subprocess.Popen([*command, "-c", program], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            line = process.stdout.readline()
            seconds = perf_counter() - started
        assert line.strip() == RUN_ID
        return seconds

    return sample


def import_alone(effort: Effort) -> Samples:
    """Measure the seconds of `import knock_sdk`, `import httpx` and `import knockapi` with `-X importtime`."""
    packages = {OURS: "knock_sdk", BARE: "httpx"}
    if installed_version(PEER):
        packages[PEER] = PEER
    samplers = {name: import_time(package, interpreter()) for name, package in packages.items()}
    return interleave(effort, samplers, effort.of(25, 6), warm_up=1)


def import_time(package: str, interpreter: tuple[str, ...]) -> Callable[[], float]:
    """Return a function that measures the seconds that an interpreter takes to import a package."""
    require_plain_start()
    command = [*interpreter, "-X", "importtime", "-c", f"import {package}"]

    def sample() -> float:
        done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=True)
        microseconds = {name: int(figure) for figure, name in _IMPORTED.findall(done.stderr)}
        return microseconds[package] / 1e6

    return sample


ROWS = (
    Row("start", "process to first response (baseline: httpx and Pydantic)", start, (Goal(OURS, BARE, 0.72),)),
    Row("import", "the import alone (baseline: `import httpx`)", import_alone, (Goal(OURS, None, 0.010),)),
)
