"""Modules loaded besides the client's own, and those that another call than the first adds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .measuring import server
from .modules import loaded_after, loaded_by

if TYPE_CHECKING:
    from collections.abc import Iterator

NEVER = {"email.mime", "http", "httpx", "knock_sdk.params", "multiprocessing", "urllib.request"}
"""Modules that no trigger needs."""

IN_MEMORY = """\
from knock_sdk import Knock
from tests.costs.responses import page
from tests.costs.engines import InMemory
from tests.support.examples import example
client = Knock(api_key="sk_test_costs", http_client=InMemory(lambda _: {body}))
{call}
"""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with server() as running:
        yield running.url


@pytest.mark.parametrize(
    ("start", "also"),
    [
        ("first trigger", {"anyio._backends", "asyncio", "concurrent", "knock_sdk._async"}),
        ("first async trigger", {"knock_sdk._sync"}),
    ],
)
def test_a_first_trigger_loads_no_unnecessary_modules(url: str, start: str, also: set[str]) -> None:
    assert loaded_by(start, url) & (NEVER | also) == set()


def test_a_page_of_messages_loads_only_its_own_modules() -> None:
    def loaded(body: str, call: str) -> set[str]:
        return loaded_after(IN_MEMORY.format(body=body, call=call))

    trigger = loaded("example('TriggerWorkflowResponse')", "client.workflows.trigger('digest', recipients=['ada'])")
    messages = loaded("page('Message', 'items', 50)", "client.messages.list()")
    assert trigger - messages == {"knock_sdk._sync.resources.workflows", "knock_sdk.types.workflows"}
    assert messages - trigger == {
        "knock_sdk._core.responses.cursor",
        "knock_sdk._core.lock",
        "knock_sdk._core.responses.page_contents",
        "knock_sdk._sync._iteration",
        "knock_sdk._sync._paginate",
        "knock_sdk._sync.pages",
        "knock_sdk._sync.resources.messages",
        "knock_sdk._sync.resources.messages_engagement",
        "knock_sdk.types.messages",
        "knock_sdk.types.shared",
    }
