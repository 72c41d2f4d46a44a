"""Where samples run: a simulator that all clients reach, and a folder of their own."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import io
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import ModuleType
from typing import TYPE_CHECKING, Any

from knock_sdk.testing import Simulator
from tests.support.samples import compiled
from tests.support.signing_keys import PRIVATE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from tests.support.samples import Program

SECRET = "whsec_samples"
"""The secret in KNOCK_WEBHOOK_SECRET."""


@dataclass
class Stage:
    """What a program finds, and what it leaves behind."""

    folder: Path
    """The current folder while it runs."""
    monkeypatch: pytest.MonkeyPatch
    exits: ExitStack
    """What is left after the program."""
    sim: Simulator = field(default_factory=Simulator)
    """The simulator that clients reach which the program makes with `Knock()` and `AsyncKnock()`."""
    replaced: dict[str, str] = field(default_factory=dict)
    """Texts of the samples that are others here, such as addresses."""
    earlier: int = 0
    """How many requests the simulator had got before."""
    names: dict[str, Any] = field(default_factory=dict)
    """The names of the program."""
    printed: str = ""
    """What it printed."""

    def call_test(self, test: Callable[..., None]) -> None:
        """Call a test of the program, with the fixtures of the package that it takes."""
        sim = Simulator()
        fixtures = {"knock": sim.client(), "knock_simulator": sim}
        test(**{name: fixtures[name] for name in inspect.signature(test).parameters})

    @property
    def requests(self) -> list[tuple[str, str, Any]]:
        """What the simulator was asked: verb, path with its query, and body."""
        return [(request.method, request.target, request.json) for request in self.sim.requests[self.earlier :]]


def run(program: Program, stage: Stage) -> None:
    """Run the samples of a program, one after another."""
    module = ModuleType(f"samples_{abs(hash(str(program)))}")  # where Pydantic finds the names of annotations
    stage.names = module.__dict__
    stage.monkeypatch.setitem(sys.modules, module.__name__, module)
    stage.monkeypatch.chdir(stage.folder)
    stage.monkeypatch.setenv("KNOCK_WEBHOOK_SECRET", SECRET)
    stage.monkeypatch.setenv("KNOCK_SIGNING_KEY", PRIVATE)
    loop = asyncio.new_event_loop()
    stage.exits.callback(loop.close)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), stage.sim.intercept():
        for sample in program.samples:
            code = sample.code
            for text, other in stage.replaced.items():
                code = code.replace(text, other)
            returned = eval(compiled(sample._replace(code=code)), stage.names)
            if inspect.iscoroutine(returned):
                loop.run_until_complete(returned)
        loop.run_until_complete(loop.shutdown_asyncgens())
        for name in [name for name in stage.names if name.startswith("test_")]:
            stage.call_test(stage.names[name])
    stage.printed = printed.getvalue()
