"""What an editor completes, by way of jedi, although names are loaded on first use."""

from __future__ import annotations

import sys
from functools import cache

import jedi
import pytest

from tests.support.paths import ROOT

SOURCE = ROOT / "src"


@pytest.fixture(scope="module", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> object:
    """Keep what jedi has parsed out of the user's cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jedi.settings, "cache_directory", str(tmp_path_factory.mktemp("jedi")))
        yield


@cache
def environment() -> jedi.api.environment.Environment:
    """A process of its own: in this one the import hook that pytest has for plugins misleads jedi."""
    return jedi.create_environment(sys.executable, safe=False)


def completed(*lines: str) -> set[str]:
    """What can follow the end of a program."""
    project = jedi.Project(SOURCE, added_sys_path=[str(SOURCE)])
    script = jedi.Script(
        "\n".join(lines),
        path=SOURCE.parent / "example.py",
        environment=environment(),
        project=project,
    )
    return {completion.name for completion in script.complete()}


def test_the_package() -> None:
    names = completed("import knock_sdk", "knock_sdk.")
    assert {"Knock", "AsyncKnock", "KnockError", "RateLimitError", "Page", "errors", "params", "types"} <= names


def test_an_import() -> None:
    assert {"Knock", "AsyncKnock", "APIStatusError", "ResponseInfo"} <= completed("from knock_sdk import ")


def test_the_types() -> None:
    assert {"User", "Message", "ChannelData", "Recipient"} <= completed("import knock_sdk", "knock_sdk.types.")
    assert {"User", "Message", "ChannelData", "Recipient"} <= completed("from knock_sdk.types import ")


def test_the_params() -> None:
    names = completed("import knock_sdk", "knock_sdk.params.")
    assert {"InlineIdentifyUserRequest", "PreferenceSetRequest"} <= names


@pytest.mark.parametrize("client", ["Knock", "AsyncKnock"])
def test_resources_and_methods(client: str) -> None:
    start = [f"from knock_sdk import {client}", f"client = {client}()"]
    assert {"users", "workflows", "messages", "objects", "with_options", "close"} <= completed(*start, "client.")
    assert {"get", "update", "list", "bulk", "feeds", "set_preferences"} <= completed(*start, "client.users.")
    assert {"identify", "delete", "set_preferences"} <= completed(*start, "client.users.bulk.")


def test_the_attributes_of_an_answer() -> None:
    start = ["from knock_sdk import Knock", "client = Knock()"]
    user = completed(*start, 'client.users.get("jhammond").')
    assert {"name", "email", "phone_number", "properties", "response_info"} <= user


def test_the_attributes_of_an_awaited_answer() -> None:
    names = completed(
        "from knock_sdk import AsyncKnock",
        "async def main(client: AsyncKnock) -> None:",
        '    user = await client.users.get("jhammond")',
        "    user.",
    )
    assert {"name", "email", "properties"} <= names


def test_the_items_of_a_page() -> None:
    start = ["from knock_sdk import Knock", "client = Knock()"]
    assert {"items", "page_info", "pages", "take", "collect"} <= completed(*start, "client.users.list().")
    assert {"name", "email"} <= completed(*start, "for user in client.users.list():", "    user.")
    assert {"name", "email"} <= completed(*start, "client.users.list().collect()[0].")


def test_parameters() -> None:
    start = ["from knock_sdk import Knock", "client = Knock()"]
    assert {"recipients=", "data=", "idempotency_key="} <= completed(*start, 'client.workflows.trigger("digest", ')
