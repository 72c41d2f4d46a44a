"""The programs of `examples/distributed`, run as an engineer runs them, against the simulator and a Redis."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from tests.support.environment import plain_environment
from tests.support.paths import ROOT

from .receiver import Receiver
from .redis_server import RedisServer
from .users import write_csv, write_parquet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from .receiver import Seen

FOLDER = ROOT / "examples" / "distributed"
KEY = "sk_test_import"
LIMIT = 300
"""Seconds after which a program counts as hanging; alone on a machine, it takes half a minute at most."""


class Size(NamedTuple):
    """How much is imported, by how many workers.

    Attributes:
        users: number of users.
        chunk: number of users in a chunk.
        workers: number of processes that send.
        machines: number of programs that have these processes: each stands for a machine. Celery can have several.
    """

    users: int
    chunk: int
    workers: int
    machines: int = 1


class Result(NamedTuple):
    """What became of an import.

    Attributes:
        status: exit status of the program.
        output: what it printed.
        errors: what it wrote to the error output.
        log: what the workers wrote, if they are a program of their own.
        seconds: how long it took.
        seen: what Knock received.
        turns: number of calls to Redis by which requests got their turn.
        machines: number of programs with workers that were still running at the end.
    """

    status: int
    output: str
    errors: str
    log: str
    seconds: float
    seen: Seen
    turns: int
    machines: int


class Engine(NamedTuple):
    """An engine.

    Attributes:
        name: its name.
        packages: what it needs besides knock-sdk: the name of each import, and what pip calls it.
        file: name of the file of users.
        write: writes this file.
        command: the program.
        environment: its settings besides those of the import.
        worker: the program that runs workers, where they do not start with the import.
    """

    name: str
    packages: dict[str, str]
    file: str
    write: Callable[[Path, int], None]
    command: Callable[[Size], Sequence[str]]
    environment: Callable[[str], dict[str, str]]
    worker: Callable[[Size], Sequence[str]] | None = None

    def missing(self) -> list[str]:
        """Return what must be installed first."""
        return [name for module, name in self.packages.items() if find_spec(module) is None]


def _celery_worker(size: Size) -> Sequence[str]:
    # By default, ten seconds pass before the task of a lost process goes back to the queue.
    quick = ["--without-gossip", "--without-mingle", "--", "worker.lost_wait=0.5"]
    pool = ["--pool", "prefork", "--concurrency", str(size.workers // size.machines), "--loglevel", "WARNING"]
    app = "celery_import" if size.machines == 1 else "tests.engines.impatient"
    return [sys.executable, "-m", "celery", "-A", app, "worker", *pool, *quick]


def _spark_command(size: Size) -> Sequence[str]:
    # So many workers, and up to four attempts at each task.
    master = f"local[{size.workers},4]"
    submit = Path(sys.executable).with_name("spark-submit")
    return [str(submit), "--master", master, "--py-files", "knock_import.py", "spark_import.py"]


CELERY = Engine(
    "Celery",
    {"celery": "celery"},
    "users.csv",
    write_csv,
    lambda _: [sys.executable, "celery_import.py"],
    lambda _: {},
    _celery_worker,
)
RAY = Engine(
    "Ray",
    {"ray": "ray", "pandas": "pandas", "pyarrow": "pyarrow"},
    "users.parquet",
    write_parquet,
    lambda _: [sys.executable, "ray_import.py"],
    lambda folder: {
        "RAY_AUTH_TOKEN": secrets.token_hex(32),
        "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # without a cluster, it listens on 127.0.0.1 alone
        "RAY_TMPDIR": folder,
        "RAY_USAGE_STATS_ENABLED": "0",
    },
)
SPARK = Engine(
    "Spark",
    {"pyspark": "pyspark", "pandas": "'pandas<3'", "pyarrow": "pyarrow"},
    "users.parquet",
    write_parquet,
    _spark_command,
    lambda folder: {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_DIRS": folder, "SPARK_LOCAL_IP": "127.0.0.1"},
)
ENGINES = (CELERY, RAY, SPARK)


def run(engine: Engine, size: Size, *, kill_at: int = 0, key: str = KEY) -> Result:
    """Import users; kill the worker that sends the trigger with a number, none with 0, or its machine if it has one."""
    receiving = Receiver(kill_at, whole_group=size.machines > 1)
    with TemporaryDirectory() as folder, receiving as receiver, RedisServer() as redis:
        file = Path(folder) / engine.file
        engine.write(file, size.users)
        environment = {
            **plain_environment(),
            **engine.environment(folder),
            **settings(receiver.url, redis.url, size.workers, key),
        }
        started = time.monotonic()
        log = Path(folder) / "workers.log"
        with _workers(engine, size, environment, log) as count_running:
            done = subprocess.run(
                [*engine.command(size), str(file), str(size.chunk)],
                capture_output=True,
                check=False,
                cwd=FOLDER,
                env=environment,
                text=True,
                timeout=LIMIT,
            )
            seconds = time.monotonic() - started
            machines = count_running()
        return Result(
            done.returncode,
            done.stdout,
            done.stderr,
            log.read_text("utf-8", "replace"),
            seconds,
            receiver.seen(),
            redis.script_calls(),
            machines,
        )


def settings(url: str, redis: str, workers: int, key: str = KEY) -> dict[str, str]:
    """Return the environment that an import needs."""
    return {"KNOCK_API_KEY": key, "KNOCK_BASE_URL": url, "REDIS_URL": redis, "WORKERS": str(workers)}


@contextmanager
def _workers(engine: Engine, size: Size, environment: dict[str, str], log: Path) -> Iterator[Callable[[], int]]:
    """Run the workers of an engine that are programs of their own; yield what counts those that are running."""
    with log.open("w") as file:
        processes = [
            subprocess.Popen(
                engine.worker(size),
                cwd=FOLDER,
                env=environment,
                start_new_session=True,  # a group, so that all processes of a machine can be killed
                stdout=file,
                stderr=subprocess.STDOUT,
            )
            for _ in range(size.machines if engine.worker else 0)
        ]
    try:
        yield lambda: sum(process.poll() is None for process in processes)
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
