"""New messages, each once and in order: what `messages list --follow` and `trigger --wait` rest on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

import pytest

from knock_sdk import APIConnectionError, InternalServerError, NotFoundError
from knock_sdk.cli._following import NewMessages, follow
from knock_sdk.testing import Simulator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knock_sdk import Knock
    from tests.cli.conftest import Run


def made_in(simulator: Simulator) -> list[str]:
    return [message.id for message in simulator.messages()]


class TestNewMessages:
    @pytest.mark.parametrize("before", [0, 1, 19, 20, 21, 75])
    def test_each_once_and_in_order(self, before: int) -> None:
        random = Random(before)
        simulator = Simulator()
        with simulator.client() as client:
            client.users.update("ana")
            for _ in range(before):
                client.workflows.trigger("welcome", recipients=["ana"])
            new = NewMessages(client.messages.list)
            found = [message.id for message in new.begin(5)]
            assert found == made_in(simulator)[-5:]
            for _ in range(12):
                for _ in range(random.choice([0, 0, 1, 3, 70])):
                    client.workflows.trigger("welcome", recipients=["ana"])
                    simulator.advance(seconds=random.choice([0, 1]))
                found += [message.id for message in new.look()]
        assert found == made_in(simulator)[max(0, before - 5) :]

    def test_all_of_a_list_that_nobody_began(self) -> None:
        simulator = Simulator()
        with simulator.client() as client:
            client.users.update("ana")
            for _ in range(70):
                client.workflows.trigger("welcome", recipients=["ana"])
            assert [message.id for message in NewMessages(client.messages.list).look()] == made_in(simulator)

    def test_a_look_is_one_small_request(self) -> None:
        simulator = Simulator()
        with simulator.client() as client:
            client.users.update("ana")
            for _ in range(100):
                client.workflows.trigger("welcome", recipients=["ana"])
            new = NewMessages(client.messages.list)
            new.begin(1)
            sent = len(simulator.requests)
            assert list(new.look()) == []
            assert [request.query.get("page_size") for request in simulator.requests[sent:]] == ["20"]

    def test_one_whose_status_changes_later(self) -> None:
        simulator = Simulator()
        simulator.workflow("mail", channels=["email"])
        simulator.workflow("feed", channels=["in_app_feed"])
        with simulator.client() as client:
            client.users.update("ana", email="ana@example.com")
            client.workflows.trigger("mail", recipients=["ana"])
            for _ in range(60):
                client.workflows.trigger("feed", recipients=["ana"])

            def fetch(*, before: str | None = None, page_size: int | None = None):
                return client.messages.list(status=["delivered"], before=before, page_size=page_size)

            new = NewMessages(fetch, late=timedelta(minutes=30))
            new.begin(1)
            assert list(new.look()) == []
            simulator.advance(minutes=5)
            assert [message.channel.type for message in new.look()] == ["email"]
            assert list(new.look()) == []

    def test_nothing_is_lost_when_a_look_fails_halfway(self) -> None:
        simulator = Simulator()
        with simulator.client(max_retries=0) as client:
            client.users.update("ana")
            new = NewMessages(client.messages.list)
            found = [message.id for message in new.begin(5)]
            for _ in range(70):
                client.workflows.trigger("welcome", recipients=["ana"])
            found += [message.id for message in new.look()]
            for _ in range(70):
                client.workflows.trigger("welcome", recipients=["ana"])
            look = new.look()
            found += [next(look).id for _ in range(15)]
            simulator.fail("messages.list", status=500)
            with pytest.raises(InternalServerError):
                found.extend(message.id for message in look)
            found += [message.id for message in new.look()]
        assert found == made_in(simulator)


class TestFollow:
    def test_it_ends_when_a_look_says_so(self) -> None:
        looks = iter([True, True, False])
        follow(lambda: next(looks), 0)
        assert list(looks) == []

    def test_a_lost_connection_is_said_once(self, capsys: pytest.CaptureFixture[str]) -> None:
        outcomes = iter([APIConnectionError("no", sent=False), APIConnectionError("no", sent=False), True, False])

        def look() -> bool:
            outcome = next(outcomes)
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        follow(look, 0)
        assert capsys.readouterr().err.count("\n") == 2

    def test_other_errors_end_it(self) -> None:
        def look() -> bool:
            with Simulator().client() as client:
                client.users.get("nobody")
            return True

        with pytest.raises(NotFoundError):
            follow(look, 0)


@pytest.fixture
def following(sim: Simulator) -> Iterator[subprocess.Popen[str]]:
    """Return a process that follows the messages."""
    command = [sys.executable, "-m", "knock_sdk.cli", "messages", "list", "--follow", "--json", "--interval", "0.2"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", env=os.environ
    ) as process:
        yield process
        process.kill()


class TestFollowingList:
    def test_until_it_is_interrupted(self, following: subprocess.Popen[str], sim: Simulator, client: Knock) -> None:
        assert following.stdout is not None
        client.users.update("ana")
        for _ in range(3):
            client.workflows.trigger("welcome", recipients=["ana"])
            found = json.loads(following.stdout.readline())["id"]
            assert found == made_in(sim)[-1]
        following.send_signal(signal.SIGINT)
        out, err = following.communicate(timeout=30)
        assert (following.returncode, out, err) == (130, "", "")

    def test_a_reader_that_has_seen_enough(self, following: subprocess.Popen[str], client: Knock) -> None:
        assert following.stdout is not None
        client.users.update("ana")
        client.workflows.trigger("welcome", recipients=["ana"])
        following.stdout.readline()
        following.stdout.close()
        client.workflows.trigger("welcome", recipients=["ana"])
        assert following.stderr is not None
        assert (following.stderr.read(), following.wait(30)) == ("", 0)

    def test_the_last_ones_come_first(
        self, sim: Simulator, client: Knock, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client.users.update("ana")
        for _ in range(12):
            client.workflows.trigger("welcome", recipients=["ana"])
        sim.fail("messages.list", next=None, status=401)
        assert run("messages", "list", "--follow").status == 1
        sim.clear_faults()

        def refuse_after_the_first(wait: float) -> None:
            if wait:
                sim.fail("messages.list", status=401)

        monkeypatch.setattr("knock_sdk.cli._following.sleep", refuse_after_the_first)
        result = run("messages", "list", "--follow")
        assert result.status == 1
        assert [line.split("\t")[0] for line in result.out.splitlines()] == made_in(sim)[-10:]
        assert len(run("messages", "list", "--follow", "-n", "3").out.splitlines()) == 3

    def test_an_end_makes_no_sense(self, run: Run) -> None:
        assert run("messages", "list", "--follow", "--until", "1h").status == 2


def test_the_server_comes_back(client: Knock, sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    with sim.serve() as url:
        port = int(url.rpartition(":")[2])
        command = [
            sys.executable,
            "-m",
            "knock_sdk.cli",
            "--base-url",
            url,
            "messages",
            "list",
            "-f",
            "--interval",
            "0.2",
        ]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", env=os.environ
        )
        assert process.stdout is not None
        assert process.stderr is not None
        client.users.update("ana")
        client.workflows.trigger("welcome", recipients=["ana"])
        assert process.stdout.readline().startswith(made_in(sim)[0])
    assert process.stderr.readline().endswith("Trying again.\n")
    client.workflows.trigger("welcome", recipients=["ana"])
    with sim.serve(port=port):
        assert process.stderr.readline() == "The connection is back.\n"
        assert process.stdout.readline().startswith(made_in(sim)[1])
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
    process.stdout.close()
    process.stderr.close()
