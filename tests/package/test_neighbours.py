"""Test runs of projects that have this package installed, beside other tools: it changes nothing for them."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

LAZY = """
import sys
import knock_sdk, knock_sdk.errors, knock_sdk.params, knock_sdk.testing, knock_sdk.types
def loaded():
    return {name for name in sys.modules if name.partition(".")[0] in ("knock_sdk", "pydantic", "pydantic_core")}
"""
USE = """
def use(simulator):
    from knock_sdk.testing import Channel
    client = simulator.client()
    client.users.update("ana", name="Ana")
    assert [user.name for user in client.users.list()] == ["Ana"]
    client.workflows.trigger("welcome", recipients=["ana"])
    return client.users.get("ana").updated_at
"""


@pytest.fixture
def run(tmp_path: Path):
    """Return a function that runs pytest on a file, in a process and a folder of its own, with warnings as errors."""

    def run(source: str, *arguments: str) -> str:
        (tmp_path / "test_project.py").write_text(source, encoding="utf-8")
        (tmp_path / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n", encoding="utf-8")
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "KNOCK_"))}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "knock_sdk.testing.pytest_plugin", *arguments],
            capture_output=True,
            cwd=tmp_path,
            env={
                **environment,
                "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), *sys.path]),
                "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
                "PYTHONDONTWRITEBYTECODE": "1",
            },
            check=False,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


def test_freezing_the_time_loads_nothing(run) -> None:
    """freezegun reads every name of every module that `dir` promises."""
    assert "1 passed" in run(
        LAZY
        + """
import datetime
from freezegun import freeze_time

def test_other():
    before = loaded()
    with freeze_time("2026-01-02"):
        assert datetime.date.today() == datetime.date(2026, 1, 2)
    assert loaded() == before
"""
    )


@pytest.mark.parametrize(
    "freeze",
    ["from freezegun import freeze_time as travel", "from time_machine import travel"],
    ids=["freezegun", "tm"],
)
def test_the_package_is_first_used_while_the_time_is_frozen(run, freeze: str) -> None:
    assert "2 passed" in run(
        f"import datetime\n{freeze}\n{USE}"
        """
def test_frozen(knock_simulator):
    with travel("2026-01-02"):
        use(knock_simulator)

def test_afterwards(knock_simulator):
    assert type(use(knock_simulator)) is datetime.datetime
"""
    )


def test_a_fake_file_system(run) -> None:
    """The package reads data of its own."""
    assert "1 passed" in run(
        USE
        + """
def test_fake(fs, knock_simulator):
    use(knock_simulator)
""",
        "-p",
        "pyfakefs.pytest_plugin",
    )


def test_random_order_in_several_processes(run) -> None:
    source = USE + "".join(f"def test_{number}(knock_simulator):\n    use(knock_simulator)\n" for number in range(20))
    assert "20 passed" in run(source, "-p", "randomly", "-p", "xdist", "-n", "2")


def test_without_sockets(run) -> None:
    source = USE + "def test_simulator(knock_simulator):\n    use(knock_simulator)\n"
    source += """
def test_real():
    import pytest
    from knock_sdk import APIConnectionError, Knock
    with pytest.raises(APIConnectionError, match="SocketBlockedError") as caught:
        Knock(api_key="sk_test", base_url="http://127.0.0.1:9", max_retries=0).users.get("ana")
    assert not caught.value.sent
"""
    assert "2 passed" in run(source, "-p", "pytest_socket", "--disable-socket", "-W", "ignore:A test tried")


def test_a_replaced_clock(run) -> None:
    """Some projects replace `datetime.datetime` themselves, for all of their tests."""
    assert "1 passed" in run(
        LAZY
        + USE
        + """
import datetime

class Fixed(datetime.datetime):
    pass

def test_fixed(monkeypatch, knock_simulator):
    monkeypatch.setattr(datetime, "datetime", Fixed)
    use(knock_simulator)
"""
    )


def test_a_run_that_does_not_use_it_loads_only_the_plugin(run) -> None:
    source = "import sys\ndef test_other():\n    assert 'pydantic' not in sys.modules, 'loaded'\n"
    source += "    names = {name for name in sys.modules if name.startswith('knock_sdk')}\n"
    source += "    assert names == {'knock_sdk', 'knock_sdk.testing', 'knock_sdk.testing.pytest_plugin'}\n"
    assert "1 passed" in run(source)
