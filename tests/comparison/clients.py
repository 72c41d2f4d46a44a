"""The clients: how to make one for a server, and its calls that create and read a record."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KEY = "sk_test_canary_0123456789"


class Calls(NamedTuple):
    """Calls of a client, each of which sends one request if nothing goes wrong."""

    create: Callable[[], object]
    """Creates something that a second request would create again: the API has no key by which it would know."""
    read: Callable[[], object]


class Client(NamedTuple):
    """A client that is installed."""

    name: str
    """Name of the distribution."""
    version: str
    make: Callable[[Any, str, dict[str, Any]], Calls]
    """Takes the module, the URL of a server, and settings."""
    body: dict[str, Any]
    """What `read` accepts as a response."""

    def calls(self, url: str, timeout: float | None = None) -> Calls:
        """Return the calls of a new client, with its defaults or a time limit in seconds."""
        module = import_module(self.name.replace("-", "_"))
        return self.make(module, url, {} if timeout is None else {"timeout": timeout})


def _knock_sdk(module: Any, url: str, settings: dict[str, Any]) -> Calls:
    client = module.Knock(api_key=KEY, base_url=url, **settings)
    return Calls(lambda: client.schedules.create(recipients=["u"], workflow="w"), lambda: client.users.get("u"))


def _stripe(module: Any, url: str, settings: dict[str, Any]) -> Calls:
    http_client = module.RequestsClient(**settings)
    client = module.StripeClient(KEY, base_addresses={"api": url}, http_client=http_client)
    return Calls(lambda: client.v1.customers.create({"name": "u"}), lambda: client.v1.customers.retrieve("u"))


def _openai(module: Any, url: str, settings: dict[str, Any]) -> Calls:
    client = module.OpenAI(api_key=KEY, base_url=url, **settings)
    return Calls(lambda: client.vector_stores.create(name="u"), lambda: client.models.retrieve("u"))


def _slack(module: Any, url: str, settings: dict[str, Any]) -> Calls:
    client = module.WebClient(token=KEY, base_url=f"{url}/", **settings)
    return Calls(lambda: client.chat_postMessage(channel="C", text="u"), lambda: client.users_info(user="u"))


_USER = {"__typename": "User", "id": "u", "updated_at": "2026-01-05T09:00:00Z"}
_KNOWN: list[tuple[str, Callable[[Any, str, dict[str, Any]], Calls], dict[str, Any]]] = [
    ("knock-sdk", _knock_sdk, _USER),
    ("knockapi", _knock_sdk, _USER),  # its methods have the same names
    ("stripe", _stripe, {"id": "u", "object": "customer"}),
    ("openai", _openai, {"id": "u", "object": "model", "created": 1, "owned_by": "o"}),
    ("slack_sdk", _slack, {"ok": True, "user": {"id": "u"}}),
]


def installed() -> Iterator[Client]:
    """Yield the clients that are installed."""
    for name, make, body in _KNOWN:
        with suppress(PackageNotFoundError):
            yield Client(name, version(name), make, body)
