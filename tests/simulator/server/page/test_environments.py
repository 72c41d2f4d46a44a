"""The environments of a server on its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from knock_sdk.testing.server import page
from knock_sdk.testing.server.environments import Environments
from tests.simulator.server.page.conftest import Page

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from knock_sdk.testing import Simulator

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def environments(sim: Simulator) -> Environments:
    return Environments(sim)


async def get(environments: Environments, path: str, status: int = 200) -> Page:
    from starlette.applications import Starlette

    served: ASGIApp = Starlette(routes=page.routes(environments))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(served), base_url="http://127.0.0.1") as http:
        response = await http.get(path)
        assert response.status_code == status
        return Page(response)


async def test_each_has_its_own_messages(environments: Environments) -> None:
    with environments.get("worker-1").client() as client:  # type: ignore[attr-defined]
        client.workflows.trigger("welcome", recipients=[{"id": "ana"}])
    assert (await get(environments, "/")).rows == []
    shown = await get(environments, "/?environment=worker-1")
    assert len(shown.rows) == 1


async def test_links_and_forms_stay_in_it(environments: Environments) -> None:
    with environments.get("worker-1").client() as client:  # type: ignore[attr-defined]
        client.workflows.trigger("welcome", recipients=[{"id": "ana"}])
    inbox = await get(environments, "/?environment=worker-1")
    links = [element.attributes["href"] for element in inbox.all("a") if element.attributes["href"] != "#content"]
    assert all("environment=worker-1" in link for link in links)
    assert inbox.one("input", name="environment").attributes["value"] == "worker-1"
    assert "environment=worker-1" in inbox.one("body").attributes["data-events"]

    message = await get(environments, inbox.one("a", class_="row-link").attributes["href"])
    actions = {element.attributes["action"] for element in message.all("form", method="post")}
    assert all(action.endswith("/actions?environment=worker-1") for action in actions)
    assert message.one("iframe").attributes["src"].endswith("?environment=worker-1")


async def test_it_is_chosen_in_the_header(environments: Environments) -> None:
    assert (await get(environments, "/")).all("select", id="environment") == []  # there is only one
    environments.get("worker-1")
    chooser = (await get(environments, "/?environment=worker-1")).all("option")[:2]
    assert [(each.attributes["value"], each.text) for each in chooser] == [("", "main"), ("worker-1", "worker-1")]
    assert "selected" in chooser[1].attributes


async def test_an_unknown_one_is_not_created(environments: Environments) -> None:
    shown = await get(environments, "/?environment=worker-9", 404)
    assert "There is no environment worker-9" in shown.text
    await get(environments, "/_page/events?environment=worker-9", 404)
    assert list(environments.names) == [""]
