"""`Simulator`: the complete simulator, with clients and a server."""

# ruff: noqa: TC001, TC002, TC003 - annotations of public methods can be evaluated
from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager

from typing_extensions import Unpack

import knock_sdk

from .._core.client_options import ClientOptions
from .base import BaseSimulator
from .client_engines import API_KEY, AsyncSimulatorEngine, SimulatorEngine

BASE_URL = "https://api.knock.app"


class Simulator(BaseSimulator):
    """A simulated Knock environment, in memory.

    Its clients reach it without a socket. Its time stands still until `advance` moves it, its ids are generated from a
    seed, and it is safe to use from several threads.
    """

    def client(self, **options: Unpack[ClientOptions]) -> knock_sdk.Knock:
        """Return a client that talks to this simulator.

        Args:
            **options: Settings as in `Knock.with_options`; `api_key` defaults to a secret key for tests.
        """
        client = knock_sdk.Knock(api_key=API_KEY, base_url=BASE_URL, http_client=SimulatorEngine(self))
        return client.with_options(**options) if options else client

    def async_client(self, **options: Unpack[ClientOptions]) -> knock_sdk.AsyncKnock:
        """Return an asynchronous client that talks to this simulator.

        Args:
            **options: Settings as in `AsyncKnock.with_options`; `api_key` defaults to a secret key for tests.
        """
        client = knock_sdk.AsyncKnock(api_key=API_KEY, base_url=BASE_URL, http_client=AsyncSimulatorEngine(self))
        return client.with_options(**options) if options else client

    def intercept(self, *, base_url: str | None = None) -> AbstractContextManager[None]:
        """Have clients that the application makes reach this simulator while a `with` block runs, without a socket.

        This holds for each `Knock` and `AsyncKnock` of this process, made before or in the block, in any thread and
        event loop, and for other clients that send through httpx, such as `knockapi`. Requests to other hosts are left
        alone. Of two blocks that overlap, the one that began last gets the requests. If `KNOCK_API_KEY` is not set, it
        is set while the block runs.

        Args:
            base_url: URL of the API that the application gives to its clients, if it is neither Knock's own nor that of
                `KNOCK_BASE_URL`.

        Raises:
            ConfigurationError: `base_url` is malformed.
        """
        from .interception import intercept

        return intercept(self, base_url)

    def serve(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        allow_origins: Sequence[str] = (),
        allow_hosts: Sequence[str] = (),
    ) -> AbstractContextManager[str]:
        """Serve this simulator on a port while a `with` block runs, for programs in other processes and languages.

        `with sim.serve() as url` provides the URL, such as `http://127.0.0.1:8400`.

        Args:
            host: Address to listen on. There are no passwords: anyone who can reach it can read and change everything.
            port: Port to listen on; 0 picks a free one.
            allow_origins: Origins whose pages may use the API from a browser, such as `https://app.example`; pages of
                this machine (`http://localhost:3000`) always may.
            allow_hosts: Names by which the server may be called, such as that of its container, besides those of this
                machine and `host`.

        Raises:
            TypeError: `allow_origins` or `allow_hosts` is not a list of text.
            ValueError: One of their values is malformed.
            ImportError: The extra is not installed: `pip install 'knock-sdk[simulator]'`.
            OSError: The port is in use, or the address does not belong to this machine.
            RuntimeError: The server did not start; its log says why.
        """
        from .server.uvicorn_server import serve

        return serve(self, host, port, allow_origins, allow_hosts)
