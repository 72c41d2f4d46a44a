"""`knock-sdk users`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from knock_sdk import Knock
    from tests.cli.conftest import Run, Terminal


@pytest.fixture(autouse=True)
def users(client: Knock) -> None:
    client.users.update("jhammond", name="John Hammond", email="jhammond@ingen.net", properties={"plan": "pro"})
    client.users.update("dnedry", name="Dennis\tNedry")


class TestGet:
    def test_in_a_pipe(self, run: Run) -> None:
        result = run("users", "get", "jhammond")
        assert result == (0, "id\tjhammond\nname\tJohn Hammond\nemail\tjhammond@ingen.net\nplan\tpro\n", "")

    def test_as_json(self, run: Run) -> None:
        result = run("users", "get", "jhammond", "--json")
        assert (result.status, json.loads(result.out)["plan"]) == (0, "pro")

    def test_in_a_terminal(self, terminal: Terminal) -> None:
        status, screen = terminal("users", "get", "jhammond")
        assert (status, screen[:2]) == (0, ["id     jhammond", "name   John Hammond"])

    def test_nobody(self, run: Run) -> None:
        result = run("users", "get", "nobody")
        assert (result.status, result.out) == (1, "")
        assert result.err.startswith("Error: 404 resource_missing: The user 'nobody' does not exist")

    def test_an_id_that_cannot_be_one(self, run: Run) -> None:
        result = run("users", "get", "..")
        assert result.status == 2
        assert "user_id" in result.err


class TestList:
    def test_in_a_pipe(self, run: Run) -> None:
        result = run("users", "list")
        assert sorted(line.split("\t")[:2] for line in result.out.splitlines()) == [
            ["dnedry", "Dennis Nedry"],
            ["jhammond", "John Hammond"],
        ]

    def test_in_a_narrow_terminal(self, terminal: Terminal) -> None:
        status, screen = terminal("users", "list", "--limit", "1", columns=40)
        assert status == 0
        assert all(len(line) <= 40 for line in screen)
        assert any("--all" in line for line in screen)
