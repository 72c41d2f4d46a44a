"""`python -m knock_sdk.testing`: the simulator as a server, for programs in any language."""

from __future__ import annotations

import argparse
import signal
import sys
from contextlib import suppress
from datetime import datetime, timezone
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from .simulator import Simulator
from .state.clock import START, parse_moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .server.app import Hooks
    from .server.autosave import StateFile

_PROGRAM = "python -m knock_sdk.testing"
_HIGHEST_PORT = 65535


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the server until it is told to end; return the exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if not options.allow_remote and not _is_loopback(options.host):
        parser.error(f"{options.host} is open to other machines, and there are no passwords: add --allow-remote")
    try:
        from .server.uvicorn_server import bind, run, url_of

        simulator = _simulator(options)
        listening = bind(options.host, options.port)
    except ImportError as error:  # of the extra
        return _fail(str(error))
    except ValueError as error:
        return _fail(str(error))
    except OSError as error:
        return _fail(f"{error.filename or f'{options.host}:{options.port}'}: {error.strerror}")
    hooks, state = _hooks(simulator, options)
    print(f"The simulator listens on {url_of(listening)}", flush=True)
    # Both signals are uvicorn's while it runs; it passes them on to these when it has ended in good order.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        run(simulator, listening, hooks)
    return 0 if state is None or state.saved else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=_PROGRAM, description="A stateful Knock on a port of this machine.")
    parser.add_argument("--port", type=_port, default=8400, help="port, 0 for one that is free (8400)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--allow-remote", action="store_true", help="let other machines in, as --host says")
    parser.add_argument("--state", metavar="FILE", type=Path, help="keep the state in a file, over restarts")
    parser.add_argument("--workflows", metavar="PATH", type=Path, help="workflows as Knock's CLI pulls them")
    parser.add_argument("--now", metavar="TIME", type=_moment, help="what the clock shows at first, in ISO 8601")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="where ids come from (0)")
    parser.add_argument("--rate-limits", action="store_true", help="answer with 429 as the API would")
    parser.add_argument("--real-time", action="store_true", help="let the clock run; otherwise it is moved by hand")
    return parser


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= _HIGHEST_PORT:
        raise ValueError
    return port


def _moment(text: str) -> datetime:
    moment = parse_moment(text)
    if moment is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no time in ISO 8601")
    return moment


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _simulator(options: argparse.Namespace) -> Simulator:
    """Return the simulator of the file, or a new one."""
    if options.state is not None and options.state.exists():
        simulator = Simulator.load(options.state)
    else:
        otherwise = datetime.now(timezone.utc) if options.real_time else START
        simulator = Simulator(now=options.now or otherwise, seed=options.seed)
    if options.workflows is not None:
        simulator.load_workflows(options.workflows)
    if options.rate_limits:
        simulator.rate_limits = True
    return simulator


def _hooks(simulator: Simulator, options: argparse.Namespace) -> tuple[Hooks, StateFile | None]:
    """Return what is done besides answering."""
    from .server.app import Hooks
    from .server.autosave import StateFile
    from .server.real_time import WallClock

    hooks = Hooks()
    if options.real_time:
        hooks = hooks._replace(before=WallClock(simulator).catch_up)
    if options.state is None:
        return hooks, None
    state = StateFile(simulator, options.state)
    return hooks._replace(after=state.changed, lifespan=state.lifespan), state


def _fail(message: str) -> int:
    print(f"{_PROGRAM}: {message}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
