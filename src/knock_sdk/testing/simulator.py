"""The simulator as tests see it: clients, declarations, time and questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .base import BaseSimulator
from .client_engines import AsyncSimulatorEngine, SimulatorEngine

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from typing_extensions import Unpack

    from .. import AsyncKnock, Knock
    from .._async.client import ClientOptions

API_KEY = "sk_test_simulator"
BASE_URL = "https://api.knock.app"


class Simulator(BaseSimulator):
    """A Knock environment in memory.

    Clients that it makes talk to it without a socket. Its time stands still until `advance` moves it, its ids come from
    a seed, and it may be used by many threads at once.
    """

    def client(self, **options: Unpack[ClientOptions]) -> Knock:
        """Return a client that talks to this simulator.

        Args:
            **options: Settings as in `Knock.with_options`; without `api_key`, a secret key for tests is used.
        """
        from .. import Knock

        client = Knock(api_key=API_KEY, base_url=BASE_URL, http_client=SimulatorEngine(self))
        return client.with_options(**options) if options else client

    def async_client(self, **options: Unpack[ClientOptions]) -> AsyncKnock:
        """Return an asynchronous client that talks to this simulator.

        Args:
            **options: Settings as in `AsyncKnock.with_options`; without `api_key`, a secret key for tests is used.
        """
        from .. import AsyncKnock

        client = AsyncKnock(api_key=API_KEY, base_url=BASE_URL, http_client=AsyncSimulatorEngine(self))
        return client.with_options(**options) if options else client

    def serve(self, *, host: str = "127.0.0.1", port: int = 0) -> AbstractContextManager[str]:
        """Answer on a port of this machine while a `with` block runs, for programs in other processes and languages.

        The block is given the URL, such as `http://127.0.0.1:8400`.

        Args:
            host: Address to listen on; there are no passwords, so that others should not reach it.
            port: The port; one that is free if 0.

        Raises:
            ImportError: The server needs more than the client does: `pip install 'knock-sdk[simulator]'`.
            OSError: The port is taken, or the address is not this machine's.
        """
        from .server.uvicorn_server import serving

        return serving(self, host, port)
