"""`knock-sdk objects` and `knock-sdk tenants`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from knock_sdk import NotFoundError

if TYPE_CHECKING:
    from knock_sdk import Knock
    from tests.cli.conftest import Run


class TestObjects:
    def test_set_get_and_list(self, run: Run) -> None:
        stored = run("objects", "set", "projects/site/b", "--name", "Site B", "-p", "fenced:=true", "--json")
        assert json.loads(stored.out)["id"] == "site/b"
        shown = run("objects", "get", "projects/site/b").out.splitlines()
        assert shown[0] == "object\tprojects/site/b"
        assert {"name\tSite B", "fenced\tyes"} <= set(shown)
        assert run("objects", "list", "projects").out == "site/b\tSite B\t2026-01-05T09:00:00Z\n"
        assert run("objects", "list", "others").out == ""

    def test_delete(self, run: Run, client: Knock) -> None:
        client.objects.set("projects", "site-b")
        assert run("objects", "delete", "projects/site-b").status == 2
        result = run("objects", "delete", "projects/site-b", "--yes", "--json")
        assert json.loads(result.out) == {"deleted": {"collection": "projects", "id": "site-b"}}
        with pytest.raises(NotFoundError):
            client.objects.get("projects", "site-b")

    @pytest.mark.parametrize("path", ["projects", "/site-b", "projects/"])
    def test_a_path_that_is_none(self, run: Run, path: str) -> None:
        result = run("objects", "get", path)
        assert (result.status, f"{path!r} is not COLLECTION/ID" in result.err) == (2, True)


class TestSubscribers:
    @pytest.fixture(autouse=True)
    def project(self, client: Knock) -> None:
        client.objects.set("projects", "site-b")
        client.users.update("ana")

    def test_add_list_and_remove(self, run: Run, client: Knock) -> None:
        new = '{"id": "ben", "name": "Ben"}'
        client.objects.set("teams", "red")
        added = run("objects", "subscribers", "add", "projects/site-b", "ana", "teams/red", new, "-p", "role=owner")
        assert added.status == 0, added.err
        found = {
            line.split("\t")[1] for line in run("objects", "subscribers", "list", "projects/site-b").out.splitlines()
        }
        assert found == {"ana", "teams/red", "ben"}
        assert client.users.get("ben").name == "Ben"
        removed = run("objects", "subscribers", "remove", "projects/site-b", "teams/red", "--json")
        assert json.loads(removed.out)["properties"] == {"role": "owner"}
        assert len(client.objects.list_subscriptions("projects", "site-b").collect()) == 2

    def test_too_many(self, run: Run) -> None:
        result = run("objects", "subscribers", "add", "projects/site-b", *(f"user-{number}" for number in range(101)))
        assert (result.status, "recipients" in result.err) == (2, True)

    def test_every_invalid_field_is_named(self, run: Run) -> None:
        result = run("objects", "subscribers", "add", "projects/site-b", "nobody", "ana", "nothing/1")
        assert result.status == 1
        assert result.err.splitlines()[1:] == [
            "  recipients.0: has not been identified",
            "  recipients.2: has not been identified",
        ]


class TestTenants:
    def test_set_get_and_list(self, run: Run) -> None:
        settings = '{"branding": {"primary_color": "#123456"}, "preference_set": {"channel_types": {"email": false}}}'
        assert run("tenants", "set", "ingen", "--name", "InGen", "--settings", settings, "-p", "plan=pro").status == 0
        shown = dict(line.split("\t", 1) for line in run("tenants", "get", "ingen").out.splitlines())
        assert (shown["name"], shown["plan"]) == ("InGen", "pro")
        assert json.loads(shown["branding"])["primary_color"] == "#123456"
        assert json.loads(shown["preference_set"])["channel_types"]["email"] is False
        run("tenants", "set", "biosyn", "--name", "BioSyn")
        assert run("tenants", "list", "--name", "BioSyn").out == "biosyn\tBioSyn\n"

    def test_delete(self, run: Run, client: Knock) -> None:
        client.tenants.set("ingen", name="InGen")
        assert run("tenants", "delete", "ingen", "--yes") == (0, "Deleted the tenant ingen.\n", "")
        with pytest.raises(NotFoundError):
            client.tenants.get("ingen")
