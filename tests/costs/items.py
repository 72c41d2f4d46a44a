"""What each further item costs: of a list that is walked, of a request that is encoded, of an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from knock_sdk import Knock
from tests.support.examples import example

from .answers import page
from .calls import KEY, PAGE
from .counting import Instructions, count
from .engines import InMemory

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = (10, 100, 1_000, 10_000)
PAGES = (2, 20, 200)


def _client(answer: Callable[[str], bytes]) -> Knock:
    return Knock(api_key=KEY, http_client=InMemory(answer))


def _counted(work: Callable[[], object]) -> Instructions:
    work()
    return count(work).without("tests")


def walked_items() -> dict[int, float]:
    """Instructions for each item of a single page, by the size of the page."""

    def walk(size: int) -> int:
        client = _client(lambda _: page("User", "entries", size))
        return _counted(lambda: [None for _ in client.users.list()]).total

    empty = walk(0)
    return {size: (walk(size) - empty) / size for size in SIZES}


def walked_pages() -> dict[int, float]:
    """Instructions for each page of a list, by the number of pages."""

    def walk(pages: int) -> int:
        def answer(target: str) -> bytes:
            place = int(target.partition("after=")[2] or 1)
            return page("User", "entries", PAGE, None if place == pages else str(place + 1))

        client = _client(answer)
        return _counted(lambda: [None for _ in client.users.list()]).total

    one = walk(1)
    return {pages: (walk(pages) - one) / (pages - 1) for pages in PAGES}


def encoded() -> dict[int, int]:
    """Instructions of a trigger, by the number of entries in its data."""
    client = _client(lambda _: example("TriggerWorkflowResponse"))

    def trigger(size: int) -> int:
        data = {f"key_{place}": {"at": [place, str(place)]} for place in range(size)}
        return _counted(lambda: client.workflows.trigger("digest", recipients=["ada"], data=data)).total

    return {size: trigger(size) for size in SIZES}


def recipients() -> dict[int, int]:
    """Instructions of a trigger, by the number of its recipients."""
    client = _client(lambda _: example("TriggerWorkflowResponse"))

    def trigger(size: int) -> int:
        named: list[Any] = [f"user-{place}" for place in range(size)]
        return _counted(lambda: client.workflows.trigger("digest", recipients=named)).total

    return {size: trigger(size) for size in (10, 100, 1_000)}


def decoded() -> dict[int, int]:
    """Instructions of fetching a page, by its size."""

    def fetch(size: int) -> int:
        client = _client(lambda _: page("Message", "items", size))
        return _counted(client.messages.list).total

    return {size: fetch(size) for size in SIZES[:3]}


def read() -> dict[str, int]:
    """Instructions of reading every field of the messages of a page, by package; the reader's own are left out."""
    messages = _client(lambda _: page("Message", "items", PAGE)).messages.list().items
    names = list(type(messages[0]).model_fields)

    def walk() -> None:
        for message in messages:
            for name in names:
                getattr(message, name)

    return dict(_counted(walk).by_package())


MEASURES = {each.__name__: each for each in (walked_items, walked_pages, encoded, recipients, decoded, read)}
