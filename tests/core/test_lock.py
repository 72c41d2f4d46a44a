"""Process locks, which are released in a child that is forked while they are held."""

from __future__ import annotations

import os
import signal
import threading
from typing import TYPE_CHECKING

import pytest

from knock_sdk._core.lock import ProcessLock
from knock_sdk._core.wire import tls

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 10
"""Seconds after which a child that still waits is terminated."""


def test_one_thread_at_a_time_holds_the_lock() -> None:
    lock = ProcessLock()
    start = threading.Barrier(8)
    inside: list[int] = []
    most: list[int] = []

    def work() -> None:
        start.wait()
        for _ in range(200):
            with lock.of_this_process():
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 1600


def test_an_exception_releases_the_lock() -> None:
    lock = ProcessLock()
    with pytest.raises(ZeroDivisionError), lock.of_this_process():
        _ = 1 / 0
    with lock.of_this_process():
        pass


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
@pytest.mark.filterwarnings(
    "ignore:.*multi-threaded, use of fork:DeprecationWarning"
)  # forking with threads is tested here
class TestFork:
    def test_a_child_can_make_a_tls_context(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(tls, "_contexts", {})
        assert fork_while_held(tls._lock, lambda: tls.tls_context() is tls.tls_context()) == 0

    def test_the_parent_can_use_the_lock_after_a_fork(self) -> None:
        lock = ProcessLock()
        assert fork_while_held(lock, lambda: True) == 0
        with lock.of_this_process():
            entered = threading.Event()

            def enter() -> None:
                with lock.of_this_process():
                    entered.set()

            thread = threading.Thread(target=enter)
            thread.start()
            assert not entered.wait(0.05)
        thread.join()
        assert entered.is_set()


def fork_while_held(lock: ProcessLock, child: Callable[[], bool]) -> int:
    """Run `child` in a process forked while another thread holds a lock; return its exit status."""
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with lock.of_this_process():
            held.set()
            done.wait()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            signal.alarm(PATIENCE)
            status = 0 if child() else 2
        finally:
            os._exit(status)
    done.set()
    holder.join()
    return os.waitpid(pid, 0)[1]
