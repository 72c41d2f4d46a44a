"""The options of `python -m knock_sdk.testing`."""

from __future__ import annotations

import argparse
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from ..state.clock import parse_moment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ..._core.programs import Options

PROGRAM = "python -m knock_sdk.testing"
DESCRIPTION = "Serve a stateful Knock on a port of this machine, with a page that shows what was sent."
_HIGHEST_PORT = 65535


def parse_options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the options; end the program with a message if they cannot be used."""
    parser = argparse.ArgumentParser(prog=PROGRAM, description=DESCRIPTION)
    add_options(parser)
    options = parser.parse_args(arguments)
    try:
        check_options(options)
    except ValueError as error:
        parser.error(str(error))
    return options


def check_options(options: argparse.Namespace) -> None:
    """Check what options mean together.

    Raises:
        ValueError: They cannot be used together.
    """
    if not options.allow_remote and not _is_loopback(options.host):
        raise ValueError(
            f"other machines can reach {options.host}, and the server has no passwords: "
            "add --allow-remote to permit that"
        )
    if options.webhook is None:
        for name in ("secret", "events"):
            if getattr(options, f"webhook_{name}") is not None:
                raise ValueError(f"--webhook-{name} needs --webhook, the URL that gets the events")


def add_options(parser: Options) -> None:
    """Declare the options."""
    address = parser.add_argument_group("address")
    address.add_argument("--port", type=_parse_port, default=8400, help="port to listen on, 0 for a free one (8400)")
    address.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    address.add_argument("--allow-remote", action="store_true", help="permit a --host that other machines can reach")
    address.add_argument(
        "--allow-origin",
        metavar="ORIGIN",
        action="append",
        default=[],
        help="let pages of this origin use the API, such as https://app.example; may be repeated; those of this "
        "machine always may",
    )
    address.add_argument(
        "--allow-host",
        metavar="HOST",
        action="append",
        default=[],
        help="let the server be called by this name, such as that of its container; may be repeated",
    )
    address.add_argument("--open", action="store_true", help="open the page in a browser")

    state = parser.add_argument_group("state")
    state.add_argument("--state", metavar="FILE", type=Path, help="load the state from a file, and save it there")
    state.add_argument("--workflows", metavar="PATH", type=Path, help="workflow files pulled by Knock's CLI")
    state.add_argument("--seed", type=int, default=0, metavar="N", help="seed of the generated ids (0)")

    time = parser.add_argument_group("time")
    time.add_argument("--now", metavar="TIME", type=_parse_time, help="time at which the clock starts, in ISO 8601")
    time.add_argument("--real-time", action="store_true", help="let the clock run; otherwise it stands still")

    api = parser.add_argument_group("API")
    api.add_argument("--signing-key", metavar="FILE", help="check user tokens with this public key (PEM)")
    api.add_argument("--rate-limits", action="store_true", help="enforce the API's rate limits, with status 429")

    webhook = parser.add_argument_group("webhook")
    webhook.add_argument("--webhook", metavar="URL", help="send events of messages and runs to this URL")
    webhook.add_argument("--webhook-secret", metavar="SECRET", help="secret that signs them; generated if left out")
    webhook.add_argument(
        "--webhook-events",
        metavar="TYPES",
        type=_parse_list,
        help="types of the events to send, with commas between, such as message.sent,message.read; all if left out",
    )


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


def _parse_list(text: str) -> list[str]:
    parts = [part.strip() for part in text.split(",")]
    if not all(parts):
        raise argparse.ArgumentTypeError(f"{text!r} is not a list such as message.sent,message.read")
    return parts


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
