"""Two thousand mutated response bodies, each of which is decoded or raises a validation error."""

from __future__ import annotations

import json
import random
from typing import Any, get_args, get_origin

import pytest

from knock_sdk import types as t
from knock_sdk.errors import APIResponseValidationError, KnockError
from tests.support.paths import DATA

from ..support import read

EXAMPLES = sorted(DATA.glob("*.json"))
JUNK: list[Any] = [
    None,
    True,
    0,
    -1,
    1e308,
    10**25,
    "",
    "x",
    [],
    {},
    [[]],
    [{}],
    {"id": 5},
    {"__typename": 5},
    "\x00",
    [None] * 3,
]


def mutate_bytes(body: bytes, chance: random.Random) -> bytes:
    changed = bytearray(body)
    for _ in range(chance.randint(1, 4)):
        index = chance.randrange(len(changed))
        action = chance.randrange(5)
        if action == 0:
            changed[index] = chance.randrange(256)
        elif action == 1:
            del changed[index : index + chance.randint(1, 30)]
        elif action == 2:
            changed[index:index] = chance.choice(
                [b'"', b"{", b"[", b"null", b"\xff", b"NaN", b"9" * 400, b"\\u0000", b",", b"-"]
            )
        elif action == 3:
            changed[index:index] = changed[: chance.randint(1, 50)]
        else:
            del changed[index:]
        if not changed:
            break
    return bytes(changed)


def mutate_value(value: Any, chance: random.Random) -> Any:
    """Replace a value at any depth with junk, remove a field, or wrap a value."""
    if isinstance(value, dict) and value and chance.random() < 0.9:
        key = chance.choice(list(value))
        if chance.random() < 0.15:
            return {name: inner for name, inner in value.items() if name != key}
        return {**value, key: mutate_value(value[key], chance)}
    if isinstance(value, list) and value and chance.random() < 0.9:
        index = chance.randrange(len(value))
        return [*value[:index], mutate_value(value[index], chance), *value[index + 1 :]]
    return chance.choice([*JUNK, [value], {"x": value}])


@pytest.mark.parametrize("strict", [False, True])
def test_a_mutated_body_is_decoded_or_raises_a_validation_error(strict: bool) -> None:
    chance = random.Random(22)
    examples = [(getattr(t, path.name.split(".")[0]), path.read_bytes()) for path in EXAMPLES]
    assert len(examples) > 40
    raised: list[KnockError] = []
    returned = 0
    for turn in range(2000):
        expected, body = examples[turn % len(examples)]
        if turn % 3:
            value = json.loads(body)
            for _ in range(chance.randint(1, 3)):
                value = mutate_value(value, chance)
            mutated = json.dumps(value).encode()
        else:
            mutated = mutate_bytes(body, chance)
        try:
            result = read(expected, mutated, strict=strict)
        except KnockError as error:
            raised.append(error)
        else:
            returned += 1
            if get_origin(expected) is list:
                assert all(isinstance(inner, get_args(expected)[0]) for inner in result)
            else:
                assert isinstance(result, expected)
            repr(result)
    assert len(raised) > 300
    assert {type(error) for error in raised} == {APIResponseValidationError}
    assert max(len(str(error)) for error in raised) <= 2048
    assert returned > 100
