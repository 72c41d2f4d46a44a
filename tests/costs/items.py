"""The cost of each further item: iterated in a list, encoded in a request, or decoded from a response."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from knock_sdk import Knock
from tests.support.examples import example

from .calls import KEY, PAGE
from .counting import Instructions, count
from .engines import InMemory
from .responses import page

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = (10, 100, 1_000, 10_000)
PAGES = (2, 20, 200)


def _make_client(respond: Callable[[str], bytes]) -> Knock:
    return Knock(api_key=KEY, http_client=InMemory(respond))


def _count(work: Callable[[], object]) -> Instructions:
    work()
    return count(work).without("tests")


def walked_items() -> dict[int, float]:
    """Return the instructions per item of a single page, by its size."""

    def iterate(size: int) -> int:
        client = _make_client(lambda _: page("User", "entries", size))
        return _count(lambda: [None for _ in client.users.list()]).total

    empty = iterate(0)
    return {size: (iterate(size) - empty) / size for size in SIZES}


def walked_pages() -> dict[int, float]:
    """Return the instructions per page of a list, by the number of pages."""

    def iterate(pages: int) -> int:
        def respond(target: str) -> bytes:
            number = int(target.partition("after=")[2] or 1)
            return page("User", "entries", PAGE, None if number == pages else str(number + 1))

        client = _make_client(respond)
        return _count(lambda: [None for _ in client.users.list()]).total

    one = iterate(1)
    return {pages: (iterate(pages) - one) / (pages - 1) for pages in PAGES}


def encoded() -> dict[int, int]:
    """Return the instructions of a trigger, by the number of entries in its data."""
    client = _make_client(lambda _: example("TriggerWorkflowResponse"))

    def trigger(size: int) -> int:
        data = {f"key_{number}": {"at": [number, str(number)]} for number in range(size)}
        return _count(lambda: client.workflows.trigger("digest", recipients=["ada"], data=data)).total

    return {size: trigger(size) for size in SIZES}


def recipients() -> dict[int, int]:
    """Return the instructions of a trigger, by the number of its recipients."""
    client = _make_client(lambda _: example("TriggerWorkflowResponse"))

    def trigger(size: int) -> int:
        named: list[Any] = [f"user-{number}" for number in range(size)]
        return _count(lambda: client.workflows.trigger("digest", recipients=named)).total

    return {size: trigger(size) for size in (10, 100, 1_000)}


def decoded() -> dict[int, int]:
    """Return the instructions of fetching a page, by its size."""

    def fetch(size: int) -> int:
        client = _make_client(lambda _: page("Message", "items", size))
        return _count(client.messages.list).total

    return {size: fetch(size) for size in SIZES[:3]}


def read() -> dict[str, int]:
    """Return the instructions of reading every field of a page of messages, by package, without the reader's own."""
    messages = _make_client(lambda _: page("Message", "items", PAGE)).messages.list().items
    names = list(type(messages[0]).model_fields)

    def read_fields() -> None:
        for message in messages:
            for name in names:
                getattr(message, name)

    return dict(_count(read_fields).by_package())


MEASURES = {each.__name__: each for each in (walked_items, walked_pages, encoded, recipients, decoded, read)}
