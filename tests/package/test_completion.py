"""Completion in editors, through jedi, of names that are loaded on first use."""

from __future__ import annotations

import sys
from functools import cache

import jedi
import pytest

from tests.support.paths import ROOT

SOURCE = ROOT / "src"


@pytest.fixture(scope="module", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> object:
    """Give jedi a cache apart from the user's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jedi.settings, "cache_directory", str(tmp_path_factory.mktemp("jedi")))
        yield


@cache
def environment() -> jedi.api.environment.Environment:
    """Return an environment in another process: in this one, pytest's import hook for plugins misleads jedi."""
    return jedi.create_environment(sys.executable, safe=False)


def complete(*lines: str) -> set[str]:
    """Return the names that can follow the end of a program."""
    project = jedi.Project(SOURCE, added_sys_path=[str(SOURCE)])
    script = jedi.Script(
        "\n".join(lines),
        path=SOURCE.parent / "example.py",
        environment=environment(),
        project=project,
    )
    return {completion.name for completion in script.complete()}


def test_names_of_the_package_are_completed() -> None:
    names = complete("import knock_sdk", "knock_sdk.")
    assert {"Knock", "AsyncKnock", "KnockError", "RateLimitError", "Page", "errors", "params", "types"} <= names


def test_names_in_an_import_are_completed() -> None:
    assert {"Knock", "AsyncKnock", "APIStatusError", "ResponseInfo"} <= complete("from knock_sdk import ")


def test_types_are_completed() -> None:
    assert {"User", "Message", "ChannelData", "Recipient"} <= complete("import knock_sdk", "knock_sdk.types.")
    assert {"User", "Message", "ChannelData", "Recipient"} <= complete("from knock_sdk.types import ")


def test_params_are_completed() -> None:
    names = complete("import knock_sdk", "knock_sdk.params.")
    assert {"InlineIdentifyUserRequest", "PreferenceSetRequest"} <= names


@pytest.mark.parametrize("client", ["Knock", "AsyncKnock"])
def test_resources_and_methods_are_completed(client: str) -> None:
    start = [f"from knock_sdk import {client}", f"client = {client}()"]
    assert {"users", "workflows", "messages", "objects", "with_options", "close"} <= complete(*start, "client.")
    assert {"get", "update", "list", "bulk", "feeds", "set_preferences"} <= complete(*start, "client.users.")
    assert {"identify", "delete", "set_preferences"} <= complete(*start, "client.users.bulk.")


def test_attributes_of_a_result_are_completed() -> None:
    start = ["from knock_sdk import Knock", "client = Knock()"]
    user = complete(*start, 'client.users.get("jhammond").')
    assert {"name", "email", "phone_number", "properties", "response_info"} <= user


def test_attributes_of_an_awaited_result_are_completed() -> None:
    names = complete(
        "from knock_sdk import AsyncKnock",
        "async def main(client: AsyncKnock) -> None:",
        '    user = await client.users.get("jhammond")',
        "    user.",
    )
    assert {"name", "email", "properties"} <= names


def test_pages_and_their_items_are_completed() -> None:
    start = ["from knock_sdk import Knock", "client = Knock()"]
    assert {"items", "page_info", "pages", "take", "collect"} <= complete(*start, "client.users.list().")
    assert {"name", "email"} <= complete(*start, "for user in client.users.list():", "    user.")
    assert {"name", "email"} <= complete(*start, "client.users.list().collect()[0].")


def test_parameters_are_completed() -> None:
    start = ["from knock_sdk import Knock", "client = Knock()"]
    assert {"recipients=", "data=", "idempotency_key="} <= complete(*start, 'client.workflows.trigger("digest", ')
