"""Rows on keys and tokens: they are shown nowhere, and exceptions can be copied and pickled without them."""

from __future__ import annotations

import copy
import logging
import pickle
import traceback
from collections import Counter
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from tests.support.paths import TESTS
from tests.support.secret_headers import HEADERS, REPLIES, secret_of
from tests.support.server import Server, respond
from tests.support.sides import both
from tests.support.subjects import KEY

from ..row import Outcome, Row
from .failures import CANARY, ECHO, FAILURES, failing_calls, settings_of, wrong_clients

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.subjects import Subject


class Lines(logging.Handler):
    """Stores the lines of all loggers."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@contextmanager
def all_logs() -> Iterator[list[str]]:
    """Collect the lines of all loggers at debug level."""
    root, lines = logging.getLogger(), Lines()
    level = root.level
    root.addHandler(lines)
    root.setLevel(logging.DEBUG)
    yield lines.lines
    root.removeHandler(lines)
    root.setLevel(level)


def shows_canary(subject: Subject) -> Outcome:
    """Look for the key and the token wherever a program shows its values."""
    places: Counter[str] = Counter()
    errors = looks = 0

    def look(place: str, shown: str) -> None:
        nonlocal looks
        looks += 1
        places[place] += CANARY in shown

    with all_logs() as lines:
        for _, side, error in failing_calls(subject):
            look("repr of clients", repr(side.run(repr)))
            if isinstance(error, Exception):
                errors += 1
                for place, shown in views(error):
                    look(place, shown)
        for _, error in wrong_clients(subject):
            errors += 1
            for place, shown in views(error):
                look(place, shown)
        look_at_successes(subject, look)
    for line in lines:
        look("logs", line)
    found = ", ".join(f"{count} in {place}" for place, count in places.items() if count) or "none"
    enough = errors >= 2 * len(FAILURES) and len(lines) >= 2 * len(FAILURES)
    shown = f"{places.total()} places of {looks:,} with {errors} exceptions: {found}"
    return Outcome(shown, enough and not places.total())


def look_at_successes(subject: Subject, look: Any) -> None:
    """Look at the result of a successful call, whose server repeats the key in headers."""
    with (
        Server(respond(json={"id": "u1"}, **ECHO)) as server,
        both(subject, server.url, **settings_of(subject, {})) as sides,
    ):
        for side in sides:
            user = side.run(lambda client: client.users.get("u1", extra_headers={"X-Other-Key": KEY}))
            look("repr of results", repr(user))
            if subject.ours:
                look("response_info", f"{user.response_info!r} {user.response_info.headers}")


def shows_headers(subject: Subject) -> Outcome:
    """Look for what headers of the caller hold, after servers repeat it in all ways."""
    places: Counter[str] = Counter()
    looks = errors = arrived = 0
    with all_logs() as lines:
        for name, value in HEADERS.items():
            for reply in REPLIES.values():
                # Once for one call, once for every call of a client; the first attempt's response is enough.
                for settings, options in (
                    ({}, {"extra_headers": {name: value}}),
                    ({"default_headers": {name: value}}, {}),
                ):
                    server = Server(reply(secret_of(name)))
                    with server, both(subject, server.url, max_retries=0, **settings) as sides:
                        for side in sides:
                            error = side.run(partial(get_user, options))
                            if isinstance(error, Exception):
                                errors += 1
                                for place, shown in views(error):
                                    looks += 1
                                    places[place] += "canary" in shown
                        arrived += sum(each.headers.get(name.lower()) == value for each in server.requests)
    looks += len(lines)
    places["logs"] = sum("canary" in line for line in lines)
    found = ", ".join(f"{count} in {place}" for place, count in places.items() if count) or "none"
    calls = 4 * len(HEADERS) * len(REPLIES)
    shown = f"{places.total()} places of {looks:,} with {errors} exceptions of {calls} calls: {found}"
    return Outcome(shown, arrived == errors == calls and not places.total())


def get_user(options: dict[str, Any], client: Any) -> Any:
    """Make the simplest call."""
    return client.users.get("u1", **options)


def views(error: Exception) -> Iterator[tuple[str, str]]:
    """Show an exception in every way that tools do; yield each way with the text shown."""
    yield "text", f"{error} {error!r} {error.args}"
    yield "attributes", repr(vars(error))
    yield "tracebacks", "".join(traceback.format_exception(error))
    for below in chain(error):
        for frame, _ in traceback.walk_tb(below.__traceback__):
            # Frames of this project's tests contain the key, and are left out.
            if not frame.f_code.co_filename.startswith(str(TESTS)):
                for value in frame.f_locals.values():
                    yield "local variables", safe_repr(value)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        yield "pickles", try_pickle(error, protocol).decode("latin-1")


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an exception, its cause or context, and theirs, including suppressed ones."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def safe_repr(value: object) -> str:
    """Return a repr as careful tools do: that of an incomplete object may raise an exception."""
    try:
        return repr(value)
    except Exception:  # noqa: BLE001 (a foreign object's method may raise anything)
        return object.__repr__(value)


def try_pickle(error: Exception, protocol: int) -> bytes:
    """Return a pickle, or empty bytes if the exception cannot be pickled."""
    try:
        return pickle.dumps(error, protocol)
    except Exception:  # noqa: BLE001 (another row checks whether it can)
        return b""


def copied_exceptions(subject: Subject) -> Outcome:
    """Pickle and copy an exception of every class, raised by a failure of its kind."""
    made: dict[type[Exception], list[Exception]] = {}
    with all_logs():
        for _, _, error in failing_calls(subject):
            if isinstance(error, subject.error):
                made.setdefault(type(error), []).append(error)
        for _, error in wrong_clients(subject):
            if isinstance(error, subject.error):
                made.setdefault(type(error), []).append(error)
    made.setdefault(subject.error, [subject.error("what happened")])  # the base class itself is never raised
    classes = {
        kind for kind in tree(subject.error) if kind.__module__.startswith(subject.error.__module__.split(".")[0])
    }
    ways = problems = secrets = 0
    for error in (error for errors in made.values() for error in errors):
        for copier in (
            copy.copy,
            copy.deepcopy,
            *(
                lambda error, protocol=protocol: pickle.loads(pickle.dumps(error, protocol))
                for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
            ),
        ):
            ways += 1
            problems += not is_same(error, copier)
        secrets += any(CANARY in try_pickle(error, p).decode("latin-1") for p in range(pickle.HIGHEST_PROTOCOL + 1))
    shown = (
        f"{len(made)} of {len(classes)} classes made; {ways - problems:,} of {ways:,} copies complete; "
        f"{secrets} exceptions with a secret in their pickle"
    )
    return Outcome(shown, set(made) == classes and not problems and not secrets)


def tree(root: type[Exception]) -> Iterator[type[Exception]]:
    """Yield a class and its subclasses, at any depth."""
    yield root
    for child in root.__subclasses__():
        yield from tree(child)


def is_same(error: Exception, copier: Any) -> bool:
    """Return whether a copy has the class, text and attributes of its original."""
    try:
        twin = copier(error)
    except Exception:  # noqa: BLE001 (any exception means that it cannot be copied)
        return False
    return (type(twin), str(twin), repr(twin), twin.args, vars(twin)) == (
        type(error),
        str(error),
        repr(error),
        error.args,
        vars(error),
    )


ROWS: list[Row] = [
    Row(
        27,
        "Canary key in repr, logs, tracebacks with locals, pickles, echoed errors",
        "0 places",
        shows_canary,
    ),
    Row(28, "Every exception pickled and copied", "100 % round trip, no secret", copied_exceptions),
    Row(
        38,
        "secrets in 19 headers of the caller, repeated by the server in 8 ways",
        "0 places",
        shows_headers,
    ),
]
