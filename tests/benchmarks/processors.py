"""Processors that stay awake while something is measured.

A call waits for the server for some tens of microseconds, in which an idle processor goes to sleep. Waking it, above
all in a virtual machine, can take longer than the work of a client, and varies. A process of idle priority keeps the
processor awake, and runs only while nothing else wants to.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

CAN_BE_KEPT_AWAKE = hasattr(os, "SCHED_IDLE") and hasattr(os, "sched_setaffinity")
_SPIN = """
import os, sys
parent = os.getppid()
os.sched_setaffinity(0, {int(sys.argv[1])})
os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
print(flush=True)
while os.getppid() == parent:
    for _ in range(1_000_000):
        pass
"""


@contextmanager
def kept_awake() -> Generator[list[subprocess.Popen[bytes]]]:
    """Keep the processors that this process may use awake while the block is open; do nothing where that is impossible.

    Returns:
        The processes that do this, which end with the block, or with this process.
    """
    with ExitStack() as stack:
        processes: list[subprocess.Popen[bytes]] = []
        for processor in sorted(os.sched_getaffinity(0)) if CAN_BE_KEPT_AWAKE else ():
            command = [sys.executable, "-I", "-S", "-c", _SPIN, str(processor)]
            process = stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE))
            stack.callback(process.kill)
            processes.append(process)
        for process in processes:
            if process.stdout is None or not process.stdout.readline():
                raise RuntimeError("a process that was to keep a processor awake has ended")
        yield processes
