"""`python -m knock_sdk.testing`: serve the simulator on a port, for programs in any language."""

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

    from .server.access import Access
    from .server.app import Hooks
    from .server.autosave import StateFile

_PROGRAM = "python -m knock_sdk.testing"
_HIGHEST_PORT = 65535


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the server until a signal ends it; return the exit status."""
    parser = _build_parser()
    options = parser.parse_args(arguments)
    if not options.allow_remote and not _is_loopback(options.host):
        parser.error(
            f"other machines can reach {options.host}, and the server has no passwords: "
            "add --allow-remote to permit that"
        )
    try:
        from .server.uvicorn_server import bind, run, url_of

        access = _create_access(options)
        simulator = _create_simulator(options)
    except (ImportError, ValueError) as error:  # ImportError: the extra is not installed
        return _fail(str(error))
    except OSError as error:  # without a file name if that may be a key
        return _fail(f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror))
    try:
        listening = bind(options.host, options.port)
    except ValueError as error:
        return _fail(str(error))
    except OSError as error:
        return _fail(f"{error.filename or f'{options.host}:{options.port}'}: {error.strerror}")
    hooks, state = _create_hooks(simulator, options)
    print(f"The simulator listens on {url_of(listening)}", flush=True)
    # While uvicorn runs, it handles SIGINT and SIGTERM itself; after its shutdown it raises them again for these.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        run(simulator, listening, hooks, access, real_time=options.real_time)
    return 0 if state is None or state.saved else 1


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=_PROGRAM, description="Serve a stateful Knock on a port of this machine.")
    parser.add_argument("--port", type=_parse_port, default=8400, help="port to listen on, 0 for a free one (8400)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--allow-remote", action="store_true", help="permit a --host that other machines can reach")
    parser.add_argument(
        "--allow-origin",
        metavar="ORIGIN",
        action="append",
        default=[],
        help="permit pages of this origin to use the API, such as https://app.example; may be repeated",
    )
    parser.add_argument(
        "--allow-host",
        metavar="HOST",
        action="append",
        default=[],
        help="permit calls by this name of the server, such as that of its container; may be repeated",
    )
    parser.add_argument("--state", metavar="FILE", type=Path, help="load the state from a file, and save it there")
    parser.add_argument("--workflows", metavar="PATH", type=Path, help="workflow files pulled by Knock's CLI")
    parser.add_argument("--now", metavar="TIME", type=_parse_time, help="time at which the clock starts, in ISO 8601")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="seed of the generated ids (0)")
    parser.add_argument("--signing-key", metavar="FILE", help="check user tokens with this public key (PEM)")
    parser.add_argument("--rate-limits", action="store_true", help="enforce the API's rate limits, with status 429")
    parser.add_argument("--real-time", action="store_true", help="let the clock run; otherwise it stands still")
    return parser


def _parse_port(text: str) -> int:
    try:
        port = int(text)
    except ValueError:
        port = -1
    if not 0 <= port <= _HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port number from 0 to {_HIGHEST_PORT}")
    return port


def _parse_time(text: str) -> datetime:
    moment = parse_moment(text)
    if moment is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time in ISO 8601, such as 2026-01-05T09:00:00Z")
    return moment


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _create_simulator(options: argparse.Namespace) -> Simulator:
    """Return a simulator with the state of `--state`, or a new one."""
    if options.state is not None and options.state.exists():
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
    return simulator


def _create_access(options: argparse.Namespace) -> Access:
    from .server.access import access_of

    return access_of(options.allow_origin, options.allow_host).with_host(options.host)


def _create_hooks(simulator: Simulator, options: argparse.Namespace) -> tuple[Hooks, StateFile | None]:
    """Return the hooks for `--state`, and the state file if there is one."""
    from .server.app import Hooks
    from .server.autosave import StateFile

    state = None if options.state is None else StateFile(simulator, options.state)
    hooks = Hooks() if state is None else Hooks(after=state.schedule_save, lifespans=(state.lifespan,))
    return hooks, state


def _fail(message: str) -> int:
    print(f"{_PROGRAM}: {message}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
