"""The programs of `examples/distributed`, run as an engineer runs them, against the simulator and a Redis."""

from __future__ import annotations

import secrets
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
LIMIT = 180
"""Seconds after which a program counts as hanging."""


class Size(NamedTuple):
    """How much is imported, by how many workers."""

    users: int
    chunk: int
    workers: int


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
        survived: whether what manages the workers was still running at the end.
    """

    status: int
    output: str
    errors: str
    log: str
    seconds: float
    seen: Seen
    turns: int
    survived: bool


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
    workers = ["--pool", "prefork", "--concurrency", str(size.workers), "--loglevel", "WARNING"]
    return [sys.executable, "-m", "celery", "-A", "celery_import", "worker", *workers, *quick]


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
    """Import users; kill the worker that sends the trigger with a number, none with 0."""
    with TemporaryDirectory() as folder, Receiver(kill_at) as receiver, RedisServer() as redis:
        file = Path(folder) / engine.file
        engine.write(file, size.users)
        environment = {
            **plain_environment(),
            **engine.environment(folder),
            **settings(receiver.url, redis.url, size.workers, key),
        }
        started = time.monotonic()
        log = Path(folder) / "workers.log"
        with _workers(engine, size, environment, log) as is_running:
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
            survived = is_running()
        return Result(
            done.returncode,
            done.stdout,
            done.stderr,
            log.read_text("utf-8", "replace"),
            seconds,
            receiver.seen(),
            redis.script_calls(),
            survived,
        )


def settings(url: str, redis: str, workers: int, key: str = KEY) -> dict[str, str]:
    """Return the environment that an import needs."""
    return {"KNOCK_API_KEY": key, "KNOCK_BASE_URL": url, "REDIS_URL": redis, "WORKERS": str(workers)}


@contextmanager
def _workers(engine: Engine, size: Size, environment: dict[str, str], log: Path) -> Iterator[Callable[[], bool]]:
    """Run the workers of an engine that are a program of their own; yield what tells whether it is running."""
    log.touch()
    if engine.worker is None:
        yield lambda: True
        return
    with log.open("w") as file:
        process = subprocess.Popen(
            engine.worker(size), cwd=FOLDER, env=environment, stdout=file, stderr=subprocess.STDOUT
        )
    try:
        yield lambda: process.poll() is None
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
