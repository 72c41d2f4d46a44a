"""`python -m knock_sdk.testing`: serve the simulator on a port, for programs in any language."""

from __future__ import annotations

import errno
import logging
import os
import signal
import sys
import webbrowser
from contextlib import suppress
from datetime import datetime, timezone
from itertools import islice
from threading import Thread
from typing import TYPE_CHECKING

from .._core.programs import ProgramError
from .server.options import PROGRAM, parse_options
from .simulator import Simulator
from .state.clock import START

if TYPE_CHECKING:
    import argparse
    import socket
    from collections.abc import Sequence

    from .._core.file_lock import FileLock
    from .server.access import Access

_OPTIONS = {
    "allow_hosts": "--allow-host",
    "allow_origins": "--allow-origin",
    "events": "--webhook-events",
    "secret": "--webhook-secret",
    "target": "--webhook",
}
"""The options whose values are arguments of functions, by the names that errors begin with."""


_MOST_FEEDS = 5
"""Channels of feeds that are printed."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the server until a signal ends it; return the exit status."""
    options = parse_options(arguments)
    try:
        return serve(options)
    except ProgramError as error:
        print(f"{PROGRAM}: {error}", file=sys.stderr)
        return 1


def serve(options: argparse.Namespace) -> int:
    """Run the server, with checked options, until a signal ends it; return the exit status.

    Raises:
        ProgramError: The server cannot be started.
    """
    if logging.lastResort is not None:  # the package's logger is silent unless KNOCK_LOG asks for more
        logging.getLogger(__package__).addHandler(logging.lastResort)
    try:
        from .server.uvicorn_server import bind

        access = _create_access(options)
        lock = _lock_state(options)
    except (ImportError, ValueError) as error:  # ImportError: the extra is not installed
        raise ProgramError(_with_option(str(error))) from error
    except OSError as error:
        raise ProgramError(f"{options.state}: {error.strerror}") from error
    try:
        simulator = _create_simulator(options)
        try:
            listening = bind(options.host, options.port)
        except OSError as error:
            place = error.filename or f"{options.host}:{options.port}"
            raise ProgramError(f"{place}: {_explain(error)}") from error
        return _serve(simulator, listening, options, access)
    except (ImportError, ValueError) as error:
        raise ProgramError(_with_option(str(error))) from error
    except OSError as error:  # without a file name if that may be a key
        text = f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror or error)
        raise ProgramError(text) from error
    finally:
        if lock is not None:
            lock.release()


def _create_access(options: argparse.Namespace) -> Access:
    from .server.access import access_of

    return access_of(options.allow_origin, options.allow_host).with_host(options.host)


def _lock_state(options: argparse.Namespace) -> FileLock | None:
    from .server.autosave import lock_state

    return None if options.state is None else lock_state(options.state)


def _create_simulator(options: argparse.Namespace) -> Simulator:
    """Return a simulator with the state of `--state`, or a new one."""
    if _has_state(options):
        simulator = Simulator.load(options.state)
    else:
        start = datetime.now(timezone.utc) if options.real_time else START
        simulator = Simulator(now=options.now or start, seed=options.seed)
    if options.workflows is not None:
        simulator.load_workflows(options.workflows)
    if options.signing_key is not None:
        simulator.signing_key = options.signing_key
    if options.rate_limits:
        simulator.rate_limits = True
    if options.webhook is not None:
        simulator.webhook(options.webhook, options.webhook_events, secret=options.webhook_secret)
    return simulator


def _has_state(options: argparse.Namespace) -> bool:
    return bool(options.state is not None and options.state.exists())


def _serve(simulator: Simulator, listening: socket.socket, options: argparse.Namespace, access: Access) -> int:
    """Serve a simulator until a signal ends the server; return the exit status."""
    from .server.app import Hooks
    from .server.autosave import StateFile
    from .server.uvicorn_server import page_url_of, run, url_of

    state = None if options.state is None else StateFile(simulator, options.state)
    hooks = Hooks() if state is None else Hooks(after=state.schedule_save, lifespans=(state.lifespan,))
    page = page_url_of(listening)
    feeds = _feeds_of(simulator)
    _report_loaded(simulator, options)

    def announce() -> None:
        # In one piece: a program that has read the first line may close the pipe.
        print(
            f"The simulator listens on {url_of(listening)}\n"
            f"Point an application at it with KNOCK_BASE_URL={page} KNOCK_API_KEY=sk_test, and see what it sends at "
            f"{page}/\n"
            f"Point a feed in a browser at it with host={page} apiKey=pk_test feedId={feeds}",
            flush=True,
        )
        if options.open:
            Thread(target=_open_page, args=(f"{page}/",), name="knock simulator page", daemon=True).start()

    # While uvicorn runs, it handles SIGINT and SIGTERM itself; after its shutdown it raises them again for these.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        run(simulator, listening, hooks, access, real_time=options.real_time, started=announce)
    for another in (signal.SIGINT, signal.SIGTERM):
        signal.signal(another, signal.SIG_IGN)  # it is ending already
    return 0 if state is None or state.saved else 1


def _report_loaded(simulator: Simulator, options: argparse.Namespace) -> None:
    """Print what the files have brought, to standard error: the first line of standard output is the address."""
    from .server.state_access import locked

    paths = [str(options.state)] if _has_state(options) else []
    if options.workflows is not None:
        paths.append(str(options.workflows))
    if not paths:
        return
    with locked(simulator) as world:
        numbers = {
            "workflow": len(world.workflows),
            "recipient": len(world.recipients),
            "message": len(world.messages),
        }
    counts = ", ".join(f"{number:,} {name}{'' if number == 1 else 's'}" for name, number in numbers.items())
    print(f"Loaded from {' and '.join(paths)}: {counts}", file=sys.stderr, flush=True)


def _feeds_of(simulator: Simulator) -> str:
    """Return the ids of channels of feeds, which components in browsers take, with their keys."""
    from .server.state_access import locked

    with locked(simulator) as world:
        feeds = world.channels.feeds()
    shown = [f"{channel_id} (the channel {key})" for key, channel_id in islice(feeds.items(), _MOST_FEEDS)]
    return " or ".join(shown)


def _open_page(url: str) -> None:
    if not webbrowser.open(url):
        print(f"There is no browser to open {url}", file=sys.stderr)


def _explain(error: OSError) -> str:
    """Return why there is no listening socket, and what to do about it."""
    if error.errno != errno.EADDRINUSE:
        return str(error.strerror)
    # Python's own text goes on with the address once more.
    return (
        f"{os.strerror(errno.EADDRINUSE)}; end the program that listens there, "
        "or choose another port with --port (0 picks a free one)"
    )


def _with_option(message: str) -> str:
    """Return a message that begins with the name of an argument with that of its option."""
    name, _, rest = message.partition(": ")
    return f"{_OPTIONS[name]}: {rest}" if name in _OPTIONS else message


if __name__ == "__main__":
    sys.exit(main())
