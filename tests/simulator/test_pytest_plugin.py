"""The pytest plugin, in separate test runs."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

import knock_sdk
from codegen.formatting import ROOT

pytest_plugins = ["pytester"]

SOURCE = Path(knock_sdk.__file__).parent.parent
PLUGIN = "knock_sdk.testing.pytest_plugin"
REGISTRATION = f'knock_sdk = "{PLUGIN}"'


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch):
    """Return a function that runs pytest in a subprocess, with warnings as errors."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(SOURCE), *sys.path]))
    pytester.makeini("[pytest]\nfilterwarnings = error\n")

    def run(*arguments: str, plugin: str = PLUGIN) -> pytest.RunResult:
        return pytester.runpytest_subprocess("-p", plugin, "-p", "anyio.pytest_plugin", *arguments)

    return run


def test_each_test_gets_a_client_of_its_own_simulator(pytester: pytest.Pytester, run) -> None:
    pytester.makepyfile("""
        def test_one(knock, knock_simulator):
            knock.workflows.trigger("welcome", recipients=[{"id": "ana"}])
            knock_simulator.assert_sent(to="ana", workflow="welcome")

        def test_two(knock_simulator, knock):
            assert knock_simulator.requests == []
            knock.users.update("ben")
            assert len(knock_simulator.requests) == 1

        def test_three(knock):
            assert knock.users.list().collect() == []
    """)
    run().assert_outcomes(passed=3)


def test_the_async_client_works_with_anyio_and_across_event_loops(pytester: pytest.Pytester, run) -> None:
    pytester.makepyfile("""
        import asyncio
        import pytest

        @pytest.mark.anyio
        async def test_anyio(async_knock, knock_simulator):
            await async_knock.workflows.trigger("welcome", recipients=[{"id": "ana"}])
            knock_simulator.assert_sent(to="ana")

        @pytest.fixture(params=["asyncio", "trio"])
        def anyio_backend(request):
            return request.param

        def test_loops_one_after_another(async_knock, knock, knock_simulator):
            for name in ("ana", "ben"):
                asyncio.run(async_knock.users.update(name))
            assert [user.id for user in knock.users.list()] == ["ana", "ben"]

        async def close(client):
            async with client:
                await client.users.update("ana")

        def test_closed_by_the_test(async_knock):
            asyncio.run(close(async_knock))
    """)
    run().assert_outcomes(passed=4)


def test_the_async_client_works_with_pytest_asyncio(pytester: pytest.Pytester, run) -> None:
    pytester.makepyfile("""
        async def test_it(async_knock, knock_simulator):
            await async_knock.workflows.trigger("welcome", recipients=[{"id": "ana"}])
            knock_simulator.assert_sent(to="ana")
    """)
    options = ("-o", "asyncio_mode=auto", "-o", "asyncio_default_fixture_loop_scope=function")
    run("-p", "pytest_asyncio.plugin", *options).assert_outcomes(passed=1)


STRICT = ("-p", "pytest_asyncio.plugin", "-o", "asyncio_default_fixture_loop_scope=function")


@pytest.mark.parametrize("plugin", [(), STRICT], ids=["anyio", "pytest-asyncio"])
def test_an_asynchronous_test_that_nothing_runs_says_what_to_do(
    pytester: pytest.Pytester, run, plugin: tuple[str, ...]
) -> None:
    pytester.makepyfile("""
        async def test_it(async_knock):
            await async_knock.users.update("ana")

        def test_synchronous(async_knock):
            assert async_knock.users
    """)
    result = run(*plugin)
    result.assert_outcomes(errors=1, passed=1)
    result.stdout.fnmatch_lines(
        "async_knock: no pytest plugin runs this asynchronous test; mark it with @pytest.mark.anyio, or install"
        " pytest-asyncio and mark it with @pytest.mark.asyncio"
    )


def test_the_async_client_works_with_a_mark_of_pytest_asyncio(pytester: pytest.Pytester, run) -> None:
    pytester.makepyfile("""
        import pytest

        @pytest.mark.asyncio
        async def test_it(async_knock):
            await async_knock.users.update("ana")
    """)
    run(*STRICT).assert_outcomes(passed=1)


def test_the_async_client_works_with_a_plugin_that_nobody_knows(pytester: pytest.Pytester, run) -> None:
    pytester.makeconftest("""
        import asyncio
        import inspect

        def pytest_pyfunc_call(pyfuncitem):
            if inspect.iscoroutinefunction(pyfuncitem.function):
                asyncio.run(pyfuncitem.function(pyfuncitem.funcargs["async_knock"]))
                return True
    """)
    pytester.makepyfile("""
        async def test_it(async_knock):
            await async_knock.users.update("ana")
    """)
    run().assert_outcomes(passed=1)


def test_a_conftest_can_override_the_simulator_fixture(pytester: pytest.Pytester, run) -> None:
    pytester.makeconftest("""
        import pytest

        @pytest.fixture
        def knock_simulator(knock_simulator):
            knock_simulator.workflow("welcome", channels=["email"])
            return knock_simulator
    """)
    pytester.makepyfile("""
        def test_it(knock, knock_simulator):
            knock.workflows.trigger("welcome", recipients=[{"id": "ana", "email": "ana@x.example"}])
            knock_simulator.assert_sent(to="ana", channel="sms")
    """)
    result = run()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*assert_sent(to='ana', channel='sms'): 1 expected, 0 found", "*- knock -*"])


@pytest.mark.parametrize("options", [(), ("-p", "xdist.plugin", "-n", "1")], ids=["in one process", "in a worker"])
def test_a_failed_test_shows_what_was_sent(pytester: pytest.Pytester, run, options: tuple[str, ...]) -> None:
    pytester.makepyfile("""
        import pytest

        def test_fails(knock):
            knock.workflows.trigger("welcome", recipients=[{"id": "ana"}])
            assert 1 == 2

        def test_fails_afterwards(request, knock):
            knock.users.update("ben")
            request.addfinalizer(lambda: knock.nothing)

        def test_fails_without_it():
            assert 1 == 2

        def test_fails_with_nothing_sent(knock):
            assert 1 == 2

        def test_passes(knock):
            knock.users.update("zoe")

        @pytest.mark.xfail
        def test_fails_as_expected(knock):
            knock.workflows.trigger("other", recipients=[{"id": "zoe"}])
            assert 1 == 2
    """)
    result = run(*options)
    text = result.stdout.str()
    assert text.count("- knock -") == 2
    result.stdout.fnmatch_lines(
        [
            "*_ test_fails _*",
            "*- knock -*",
            "sent: 1",
            "  to   channel      workflow  status",
            "  ana  in_app_feed  welcome   delivered",
        ]
    )
    assert "zoe" not in text
    assert "sk_test" not in text


def test_a_failed_test_shows_the_simulators_of_other_fixtures_and_of_its_class(pytester: pytest.Pytester, run) -> None:
    pytester.makeconftest("""
        import pytest
        from knock_sdk.testing import Simulator

        @pytest.fixture(scope="session")
        def knock_simulator():
            return Simulator()

        @pytest.fixture(scope="module")
        def second():
            return Simulator()
    """)
    pytester.makepyfile("""
        import unittest
        from knock_sdk.testing import Simulator

        def test_of_the_session(knock, knock_simulator):
            knock.workflows.trigger("of-the-session", recipients=[{"id": "ana"}])
            assert 1 == 2

        def test_reset(knock_simulator, knock, second):
            knock_simulator.reset()
            second.client().workflows.trigger("of-the-module", recipients=[{"id": "ana"}])
            assert 1 == 2

        class TestCase(unittest.TestCase):
            @classmethod
            def setUpClass(cls):
                cls.of_the_class = Simulator()

            def setUp(self):
                self.of_the_instance = Simulator()

            def test_both(self):
                for sim, key in ((self.of_the_class, "of-the-class"), (self.of_the_instance, "of-the-instance")):
                    sim.client().workflows.trigger(key, recipients=[{"id": "ana"}])
                assert 1 == 2
    """)
    text = run().stdout.str()
    assert text.count("- knock -") == 4
    for key in ("of-the-session", "of-the-module", "of-the-class", "of-the-instance"):
        assert text.count(f"  ana  in_app_feed  {key} ") == 1, key


def test_an_application_that_makes_its_own_clients(pytester: pytest.Pytester, run) -> None:
    pytester.makepyfile(
        application="""
        import asyncio
        import knockapi
        from knock_sdk import AsyncKnock, Knock

        client = Knock()  # at import
        asynchronous = AsyncKnock()

        def register(name):
            client.users.update(name)
            asyncio.run(asynchronous.workflows.trigger("first", recipients=[name]))
            Knock().workflows.trigger("second", recipients=[name])
            knockapi.Knock().workflows.trigger("third", recipients=[name])
    """
    )
    pytester.makeconftest("""
        import os

        os.environ.setdefault("KNOCK_API_KEY", "sk_test_application")
    """)
    pytester.makepyfile("""
        import pytest
        import application

        @pytest.mark.parametrize("name", ["ana", "ben", "cem", "dora"])
        def test_it(intercepted_knock, knock_simulator, name):
            assert intercepted_knock is knock_simulator
            application.register(name)
            assert [each.workflow for each in intercepted_knock.triggers] == ["first", "second", "third"]
            intercepted_knock.assert_sent(to=name, count=3)
            assert len(intercepted_knock.requests) == 4

        def test_fails(intercepted_knock):
            application.register("zoe")
            assert 1 == 2
    """)
    for options in ((), ("-p", "xdist.plugin", "-n", "2")):
        result = run(*options)
        result.assert_outcomes(passed=4, failed=1)
        result.stdout.fnmatch_lines(["*- knock -*", "sent: 3"])


def test_loading_the_plugin_imports_only_its_own_module() -> None:
    check = (
        f"import sys, pytest, typing; known = set(sys.modules); import {PLUGIN}; "
        "print(*sorted(set(sys.modules) - known))"
    )
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    run = subprocess.run([sys.executable, "-c", check], check=True, capture_output=True, text=True, env=environment)
    assert run.stdout == "knock_sdk knock_sdk.testing knock_sdk.testing.pytest_plugin\n"


def test_the_plugin_is_registered() -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    assert f"[project.entry-points.pytest11]\n{REGISTRATION}\n" in project


def test_pytest_loads_the_plugin_from_its_entry_point(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    installed = tmp_path / "knock_sdk-0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: knock-sdk\nVersion: 0\n", "utf-8")
    (installed / "entry_points.txt").write_text(f"[pytest11]\n{REGISTRATION.replace(chr(34), '')}\n", "utf-8")
    (installed / "RECORD").write_text("knock_sdk/__init__.py,,\nknock_sdk/testing/pytest_plugin.py,,\n", "utf-8")
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", raising=False)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(SOURCE), *sys.path]))
    pytester.makeini("[pytest]\nfilterwarnings = error\n")
    pytester.makepyfile("""
        def test_it(knock, knock_simulator):
            knock.workflows.trigger("welcome", recipients=[{"id": "ana"}])
            knock_simulator.assert_sent(to="ana")
    """)
    run = partial(pytester.runpytest_subprocess, "-p", "no:asyncio")  # it warns if it is not configured
    run().assert_outcomes(passed=1)
    listed = run("--fixtures", "-q").stdout.str()
    for name in ("knock_simulator", "knock", "async_knock", "intercepted_knock"):
        assert f"\n{name} -- " in listed
