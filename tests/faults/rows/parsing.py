"""The row on responses that strain a parser: 22."""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from tests.support.paths import DATA
from tests.support.server import Server, respond
from tests.support.sides import both

from ..row import Outcome, Row
from .responses import EXAMPLES, ONE_OF_EACH, SettableReply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.subjects import Subject

LONGEST_MESSAGE = 2048
MUTATED = 2000


class Tally:
    """Checks results: errors must be the library's own and short, and successes must have valid bodies."""

    def __init__(self, subject: Subject) -> None:
        self._error = subject.error
        self.calls = self.errors = self.longest = 0
        self.foreign: Counter[str] = Counter()
        self.false_successes = 0

    def add(self, result: Any, body: bytes, known: frozenset[str], *, is_list: bool) -> None:
        """Add the result of a call whose response had the given body."""
        self.calls += 1
        if not isinstance(result, Exception):
            try:
                fine = is_valid(body, known, is_list=is_list) and has_a_field(result, is_list=is_list)
            except Exception as error:  # noqa: BLE001 (what was returned cannot be read)
                result = error
            else:
                self.false_successes += not fine
                return
        self.errors += 1
        self.longest = max(self.longest, len(str(result).encode("utf-8", "replace")))
        if not isinstance(result, self._error):
            self.foreign[type(result).__name__] += 1

    def outcome(self) -> Outcome:
        """Return the outcome of the row."""
        names = f" ({', '.join(sorted(self.foreign))})" if self.foreign else ""
        shown = (
            f"{self.calls:,} bodies, {self.errors:,} errors: {self.foreign.total()} foreign{names}, "
            f"longest message {self.longest:,} bytes; {self.false_successes} false successes"
        )
        held = not self.foreign and self.longest <= LONGEST_MESSAGE and not self.false_successes
        return Outcome(shown, held and 0 < self.errors < self.calls)


def is_valid(body: bytes, known: frozenset[str], *, is_list: bool) -> bool:
    """Return whether a body is JSON of the right kind in which every object has a known name."""

    def reject(name: str) -> None:
        raise ValueError(f"{name} is not JSON")

    try:
        # Numbers are not checked, and Python's limit on their digits is not one of JSON.
        value = json.loads(body.decode(), parse_constant=reject, parse_int=str)
    except (ValueError, RecursionError):
        return False
    elements = value if is_list and isinstance(value, list) else [value]
    return is_list == isinstance(value, list) and all(
        isinstance(element, dict) and not known.isdisjoint(element) for element in elements
    )


def has_a_field(result: Any, *, is_list: bool) -> bool:
    """Return whether a result, or each element of it, is a page or a model with a known field."""
    if is_list:
        return isinstance(result, list) and all(has_a_field(element, is_list=False) for element in result)
    if hasattr(result, "has_next_page"):
        return isinstance(result.has_next_page(), bool)
    return isinstance(result, BaseModel) and not result.model_fields_set.isdisjoint(type(result).model_fields)


def hostile_bodies(kind: str) -> Iterator[tuple[bytes, frozenset[str]]]:
    """Yield bodies that strain a parser, with the names that are known of them."""
    depth = 100_000
    values = [
        b"[" * depth + b"]" * depth,
        b'{"a":' * depth + b"1" + b"}" * depth,
        b"[" * depth,
        b"9" * 5000,
        b"-" + b"9" * 5000,
        b"1." + b"9" * 5000,
        b"1e" + b"9" * 5000,
        b'"\xff\xfe"',
        b'"\xed\xa0\x80"',
        b"NaN",
        b"-Infinity",
        b'"\\ud800"',
    ]
    for value in values:
        for user in (b'{"id":%s,"name":"n"}' % value, b'{"id":"u1","more":%s}' % value):
            if kind == "page":
                yield b'{"entries":[%s],"page_info":{"after":null}}' % user, frozenset({"entries", "page_info"})
            else:
                yield (b"[%s]" % user if kind == "list" else user), frozenset({"id", "name"})
        yield value, frozenset()


def mutate(chance: random.Random, example: bytes) -> bytes:
    """Return a body with one to three faults, in its bytes or in its values."""
    for _ in range(chance.randint(1, 3)):
        example = chance.choice([_mutate_bytes, _mutate_value, _mutate_value])(chance, example)
    return example


def _mutate_bytes(chance: random.Random, body: bytes) -> bytes:
    index = chance.randrange(len(body) + 1)
    end = min(len(body), index + chance.choice([1, 1, 2, 50]))
    insert = chance.choice(
        [b"", b"", b'"', b"}", b"[", b",", b"\x00", b"\xff", b"NaN", b"\\u", bytes([chance.randrange(256)])]
    )
    return body[:index] if chance.random() < 0.1 else body[:index] + insert + body[end:]


def _mutate_value(chance: random.Random, body: bytes) -> bytes:
    try:
        value = json.loads(body)
    except ValueError:
        return _mutate_bytes(chance, body)
    strange: list[Any] = [
        None,
        True,
        0,
        -1,
        2**70,
        1e300,
        "",
        "x" * 3000,
        "\ud800",
        "9999-99-99",
        [],
        {},
        [None],
        {"": {}},
    ]
    positions = list(_positions(value))
    if not positions or chance.random() < 0.1:
        value = chance.choice([*strange, [value], {"data": value}])
    else:
        holder, key = chance.choice(positions)
        if chance.random() < 0.3:
            del holder[key]
        else:
            holder[key] = chance.choice([*strange, [holder[key]], {"a": holder[key]}])
    return json.dumps(value).encode()


def _positions(value: Any) -> Iterator[tuple[Any, Any]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield value, key
        yield from _positions(inner)


def strained_parsers(subject: Subject) -> Outcome:
    """Respond with bodies that strain a parser, and with mutated ones."""
    settable = SettableReply()
    tally = Tally(subject)
    chance = random.Random(22)
    examples = [
        (path.read_bytes(), EXAMPLES[name])
        for path in sorted(DATA.glob("*.json"))
        if (name := path.name.partition(".")[0]) in EXAMPLES
    ]
    with Server.by(settable) as server, both(subject, server.url) as sides:
        for side in sides:
            for kind, call in ONE_OF_EACH.items():
                for body, known in hostile_bodies(kind):
                    settable.reply = respond(body=body, content_type="application/json")
                    tally.add(side.run(call), body, known, is_list=kind == "list")
        for number in range(MUTATED):
            example, call = chance.choice(examples)
            value = json.loads(example)
            is_list = isinstance(value, list)
            body = mutate(chance, example)
            settable.reply = respond(body=body, content_type="application/json")
            known = frozenset(value[0] if is_list else value)
            tally.add(sides[number % 2].run(call), body, known, is_list=is_list)
    return tally.outcome()


ROWS: list[Row] = [
    Row(
        22,
        "depth 100,000, 5,000 digits, bad UTF-8, NaN; 2,000 mutated bodies",
        "`KnockError` only; message ≤ 2 KB; a success is a model with a known field",
        strained_parsers,
    ),
]
