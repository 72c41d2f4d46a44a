"""Forms of `Retry-After`, fixed and random, whose requested waits are known."""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone
from math import inf, isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    Headers = dict[str, Any]

IMF = "%a, %d %b %Y %H:%M:%S GMT"
RFC_850 = "%A, %d-%b-%y %H:%M:%S GMT"
ASCTIME = "%a %b %d %H:%M:%S %Y"
INDIA = timezone(timedelta(hours=5, minutes=30))


class Form(NamedTuple):
    """A form of requesting a wait.

    Attributes:
        name: name in the report.
        make: returns the headers (with underscores for hyphens) and the requested seconds, for a given time.
        too_long: whether more than 60 s are requested.
    """

    name: str
    make: Callable[[float], tuple[Headers, float]]
    too_long: bool = False


def _fixed(text: str, requested: float) -> Form:
    return Form(text, lambda _: ({"retry_after": text}, requested), too_long=requested > 60)


def _date(name: str, form: str, ahead: int, zone: timezone = timezone.utc) -> Form:
    def make(now: float) -> tuple[Headers, float]:
        moment = int(now) + ahead
        return {"retry_after": datetime.fromtimestamp(moment, zone).strftime(form)}, moment - now

    return Form(name, make)


FORMS = [
    _fixed("1", 1),
    _fixed("0.25", 0.25),
    _fixed(".5", 0.5),
    _fixed("1e0", 1),
    Form("ms", lambda _: ({"retry_after_ms": "750"}, 0.75)),
    Form("ms before s", lambda _: ({"retry_after_ms": "750.5", "retry_after": "90"}, 0.7505)),
    _date("date", IMF, 2),
    _date("RFC 850", RFC_850, 2),
    _date("asctime", ASCTIME, 2),
    _date("zone", "%a, %d %b %Y %H:%M:%S %z", 2, INDIA),
    _date("past", IMF, -3600),
    # These cannot be obeyed: any wait is accepted.
    _fixed("soon", 0),
    _fixed("-1", 0),
    _fixed("nan", 0),
    _fixed("inf", 0),
    _fixed("61", 61),
    Form("401 digits", lambda _: ({"retry_after": "1" + "0" * 400}, inf), too_long=True),
    Form("year 99999", lambda _: ({"retry_after": "Fri, 01 Jan 99999 00:00:00 GMT"}, inf), too_long=True),
]

SEED = 17
NOW = 1_790_000_000.25


def fuzz(count: int) -> list[str]:
    """Pass random forms to the functions of knock-sdk; return the problems, one line each."""
    from knock_sdk._core.outcome import Response
    from knock_sdk._core.retry import cause_of_status, retry_after, wait_before

    chance = random.Random(SEED)
    problems: list[str] = []
    for _ in range(count):
        name, text, requested = _random_form(chance)
        response = Response(429, [(name, text.encode("latin-1"))], b"")
        try:
            found = retry_after(response, lambda: NOW)
            cause = cause_of_status("never", response)
            assert cause is not None
            wait = wait_before(cause._replace(retry_after=found), 1, inf, chance.random)
        except Exception as error:  # noqa: BLE001 (any exception is a problem)
            problems.append(f"{text[:40]!r} raised {type(error).__name__}")
            continue
        if found is not None and not (isfinite(found) and found >= 0):
            problems.append(f"{text[:40]!r} read as {found}")
        elif requested is not None and (found is None or abs(found - requested) > 1e-6 * max(requested, 1)):
            problems.append(f"{text[:40]!r} requests {requested}, read as {found}")
        elif found is not None and (wait is not None if found > 60 else wait is None or wait < found):
            problems.append(f"{text[:40]!r} requests {found}, waits {wait}")
    return problems


def _random_form(chance: random.Random) -> tuple[bytes, str, float | None]:
    """Return a header's name, its text and the requested seconds, or None for these if it was damaged."""
    kind = chance.choice(("seconds", "ms", "date", "damaged", "damaged"))
    if kind == "damaged":
        name, text, _ = _random_form(chance)
        return name, _damage(text, chance), None
    if kind == "date":
        ahead = chance.choice((chance.randrange(-5, 90), chance.randrange(-(10**9), 10**9)))
        moment = datetime.fromtimestamp(int(NOW) + ahead, timezone.utc)
        # The century of a two-digit year depends on the current date.
        form = chance.choice((IMF, ASCTIME, RFC_850) if abs(ahead) < 100 else (IMF, ASCTIME))
        return b"retry-after", moment.strftime(form), max(int(NOW) + ahead - NOW, 0)
    number = chance.choice((chance.uniform(0, 90), chance.uniform(0, 1e9), float(chance.randrange(100))))
    text = f"{number:.{chance.randrange(12)}f}"
    return (b"retry-after", text, float(text)) if kind == "seconds" else (b"retry-after-ms", text, float(text) / 1000)


def _damage(text: str, chance: random.Random) -> str:
    """Change, add, drop or repeat characters."""
    characters = list(text)
    for _ in range(chance.randrange(1, 6)):
        index = chance.randrange(len(characters) + 1)
        strange = chance.choice(
            ("", "9" * chance.randrange(1, 400), chr(chance.randrange(1, 256)), "-", "e", ":", ",", " ")
        )
        characters[index : index + chance.randrange(3)] = strange
    return "".join(characters)
