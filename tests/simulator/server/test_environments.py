"""Environments of one server, which API keys choose: nothing that one of them holds shows in another."""

from __future__ import annotations

import subprocess
import sys
from threading import Thread
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from knock_sdk import AuthenticationError, Knock, NotFoundError
from knock_sdk.testing.server.environments import MOST_ENVIRONMENTS, Environments, name_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knock_sdk.testing import Simulator

WORKER = """
import sys
import httpx
from knock_sdk import Knock

url, name = sys.argv[1:]
with Knock(api_key=f"sk_test@{name}", base_url=url, max_retries=0) as knock:
    for number in range(20):
        knock.users.update(f"{name}-{number}", email="a@x.example")
        knock.workflows.trigger(name, recipients=[f"{name}-{number}"])
    httpx.post(f"{url}/_simulator/advance?environment={name}", json={"hours": len(name)}, trust_env=False)
    assert len(knock.users.list().items) == 20
    assert {message.source.key for message in knock.messages.list()} == {name}
"""


@pytest.fixture
def controls(url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{url}/_simulator", trust_env=False) as client:
        yield client


def knock_of(url: str, key: str) -> Knock:
    return Knock(api_key=key, base_url=url, strict=True, max_retries=0)


def items(response: httpx.Response) -> list[Any]:
    listed: list[Any] = response.raise_for_status().json()["items"]
    return listed


def result(response: httpx.Response) -> Any:
    return response.raise_for_status().json()["result"]


def problem_of(response: httpx.Response) -> str:
    assert response.status_code == 422
    problem = response.json()
    return str(problem.get("errors", [{"message": problem["message"]}])[0]["message"])


def test_a_key_chooses_its_environment(sim: Simulator, url: str) -> None:
    with (
        knock_of(url, "sk_test") as main,
        knock_of(url, "sk_other@w.1_a-b") as first,
        knock_of(url, "sk_x@w2") as second,
    ):
        main.users.update("ana", name="main")
        first.users.update("ana", name="first")
        assert main.users.get("ana").name == "main"
        assert first.users.get("ana").name == "first"
        with pytest.raises(NotFoundError):
            second.users.get("ana")
        with knock_of(url, "pk_test@w.1_a-b") as public:
            assert public.users.get("ana").name == "first"
    assert [request.operation for request in sim.requests] == ["identifyUser", "getUser"]


def test_declarations_faults_and_time_are_those_of_one_environment(
    sim: Simulator, url: str, controls: httpx.Client
) -> None:
    here = {"params": {"environment": "w1"}}
    assert result(controls.post("/workflow", json={"key": "mail", "channels": ["email"], "delay": 60}, **here)) is None
    controls.post("/fail", json={"operation": "users.get", "status": 500, "next": None}, **here).raise_for_status()
    with knock_of(url, "sk_test@w1") as worker, knock_of(url, "sk_test") as main:
        worker.workflows.trigger("mail", recipients=[{"id": "ana", "email": "a@x.example"}])
        assert controls.get("/", **here).json()["next_due"] == "2026-01-05T09:01:00Z"
        assert result(controls.post("/advance_to_next", **here)) is True
        assert [item["recipient"] for item in items(controls.get("/messages", **here))] == ["ana"]
        assert [item["operation"] for item in items(controls.get("/requests", **here))] == ["triggerWorkflow"]
        with pytest.raises(NotFoundError):
            main.users.get("ana")
    assert items(controls.get("/messages")) == []
    assert controls.get("/", **here).json()["now"] == "2026-01-05T09:01:00Z"
    assert sim.now.minute == 0
    assert "mail" not in sim.summary()


def test_an_environment_begins_with_the_first_state_and_returns_to_it(sim: Simulator) -> None:
    sim.workflow("welcome", channels=["in_app_feed"])
    with (
        sim.serve() as url,
        httpx.Client(base_url=f"{url}/_simulator", trust_env=False) as controls,
        knock_of(url, "sk_test") as main,
        knock_of(url, "sk_test@w1") as worker,
    ):
        main.users.update("ben")
        worker.workflows.trigger("welcome", recipients=[{"id": "ana"}])
        assert [user.id for user in worker.users.list()] == ["ana"]
        with pytest.raises(NotFoundError, match="workflow_missing"):
            worker.workflows.trigger("other", recipients=["ana"])
        result(controls.post("/reset", params={"environment": "w1"}))
        assert worker.users.list().items == []
        assert [user.id for user in main.users.list()] == ["ben"]
        worker.workflows.trigger("welcome", recipients=[{"id": "ana"}])


def test_environments_are_listed_and_deleted(url: str, controls: httpx.Client) -> None:
    with knock_of(url, "sk_test@w1") as worker:
        worker.workflows.trigger("welcome", recipients=[{"id": "ana"}])
        start = "2026-01-05T09:00:00Z"
        assert items(controls.get("/environments")) == [
            {"name": "", "now": start, "requests": 0, "messages": 0},
            {"name": "w1", "now": start, "requests": 1, "messages": 1},
        ]
        assert result(controls.post("/delete_environment", json={"name": "w1"})) is True
        assert result(controls.post("/delete_environment", json={"name": "w1"})) is False
        assert [item["name"] for item in items(controls.get("/environments"))] == [""]
        assert worker.users.list().items == []
    assert "reset it instead" in problem_of(controls.post("/delete_environment", json={"name": ""}))


@pytest.mark.parametrize("name", ["", "-a", "a/b", "a@b", "x" * 65, "ü"])
def test_a_malformed_name_is_refused_with_the_rule(sim: Simulator, url: str, controls: httpx.Client, name: str) -> None:
    response = httpx.get(f"{url}/v1/users", headers={b"authorization": f"Bearer sk_test@{name}".encode()})
    if name == "ü":  # no key has such a character
        assert (response.status_code, response.json()["code"]) == (401, "api_key_missing")
    else:
        assert "behind the @ of a key, takes up to 64 letters" in problem_of(response)
        assert sim.requests == []
    if name:
        query = {"environment": name}
        assert "takes up to 64 letters" in problem_of(controls.get("/messages", params=query))
        assert "takes up to 64 letters" in problem_of(controls.post("/reset", params=query))


def test_without_a_key_the_error_is_that_of_the_api(url: str) -> None:
    for header in ({}, {"authorization": "sk_test@w1"}, {"authorization": "Bearer test@w1"}):
        response = httpx.get(f"{url}/v1/users", headers=header)
        assert (response.status_code, response.json()["code"]) == (401, "api_key_missing")


def test_there_are_not_more_than_a_hundred(sim: Simulator) -> None:
    environments = Environments(sim)
    for number in range(MOST_ENVIRONMENTS):
        environments.get(f"w{number}")
    with pytest.raises(ValueError, match="there are 100 environments besides the main one: delete some"):
        environments.get("one-more")
    environments.delete("w0")
    assert environments.get("one-more") is environments.get("one-more")


def test_threads_that_use_a_new_environment_at_once_get_the_same(sim: Simulator) -> None:
    environments = Environments(sim)
    got: list[object] = []
    threads = [Thread(target=lambda: got.append(environments.get("w1"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(got), len(set(map(id, got)))) == (8, 1)


def test_the_name_stands_behind_the_first_at() -> None:
    assert [name_in(key) for key in ("sk_test", "sk_test@a", "sk_test@a@b")] == ["", "a", "a@b"]


def test_a_parameter_of_a_post_that_is_not_the_environment_is_refused(sim: Simulator, controls: httpx.Client) -> None:
    sim.client().users.update("ana")
    assert "is not a parameter" in problem_of(controls.post("/reset", params={"enviroment": "w1"}))
    assert sim.client().users.get("ana").id == "ana"


def test_secure_mode_holds_in_each_environment(sim: Simulator) -> None:
    from tests.support.signing_keys import PUBLIC

    sim.signing_key = PUBLIC
    with sim.serve() as url, knock_of(url, "pk_test@w1") as public, pytest.raises(AuthenticationError, match="token"):
        public.users.get("ana")


def test_snapshots_are_kept_by_name_in_each_environment(url: str, controls: httpx.Client) -> None:
    here = {"params": {"environment": "w1"}}
    with knock_of(url, "sk_test@w1") as worker:
        worker.users.update("ana")
        assert result(controls.post("/snapshot", json={"name": "with-ana"}, **here)) is None
        worker.users.delete("ana")
        assert items(controls.get("/snapshots", **here)) == [{"name": "with-ana", "at": "2026-01-05T09:00:00Z"}]
        assert items(controls.get("/snapshots")) == []
        for _ in range(2):
            assert result(controls.post("/restore", json={"name": "with-ana"}, **here)) is None
            assert worker.users.get("ana").id == "ana"
            worker.users.delete("ana")
    mistyped = problem_of(controls.post("/restore", json={"name": "with-anna"}, **here))
    assert mistyped == "name: there is no snapshot 'with-anna'; did you mean 'with-ana'?"
    assert "there is no snapshot" in problem_of(controls.post("/restore", json={"name": "with-ana"}))
    assert "name: takes up to 64 letters" in problem_of(controls.post("/snapshot", json={"name": "a b"}))
    assert result(controls.post("/delete_snapshot", json={"name": "with-ana"}, **here)) is True
    assert result(controls.post("/delete_snapshot", json={"name": "with-ana"}, **here)) is False


def test_there_are_not_more_than_twenty_snapshots(controls: httpx.Client) -> None:
    for number in range(20):
        result(controls.post("/snapshot", json={"name": f"s{number}"}))
    assert "there are 20 snapshots: delete some" in problem_of(controls.post("/snapshot", json={"name": "more"}))
    assert result(controls.post("/snapshot", json={"name": "s7"})) is None


def test_four_processes_at_once_do_not_meet(url: str, controls: httpx.Client) -> None:
    names = ["gw0", "gw01", "gw012", "gw0123"]
    workers = [
        subprocess.Popen([sys.executable, "-c", WORKER, url, name], stderr=subprocess.PIPE, text=True) for name in names
    ]
    for worker in workers:
        _, errors = worker.communicate(timeout=60)
        assert (worker.returncode, errors) == (0, "")
    found = {item["name"]: item for item in items(controls.get("/environments"))}
    assert found.pop("")["requests"] == 0
    assert {name: item["now"] for name, item in found.items()} == {
        name: f"2026-01-05T{9 + len(name):02}:00:00Z" for name in names
    }
    assert {item["messages"] for item in found.values()} == {20}
