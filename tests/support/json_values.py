"""The table of docs/values.md with examples: what values become in a request, and which are refused."""

from __future__ import annotations

import math
import re
from collections import UserDict, UserString, deque
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum, IntEnum
from ipaddress import ip_address, ip_network
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd
from pydantic import AnyUrl, BaseModel, ConfigDict, SecretBytes, SecretStr

from knock_sdk._core.secret import Secret

ID = UUID("0c4a7b1e-3f58-4d6a-9c27-5e8f1a2b3c4d")


class Plan(Enum):
    PRO = "pro"


class Level(IntEnum):
    HIGH = 3


class Box(BaseModel):
    model_config = ConfigDict(arbitrary_types_allowed=True)
    value: Any


@dataclass
class Holder:
    value: Any


SENT: dict[str, list[tuple[Any, Any]]] = {
    "`None`, `bool`, `int`, finite `float`, `str`": [
        (None, None),
        (True, True),
        (10**30, 10**30),
        (-0.25, -0.25),
        ('a\u2028"', 'a\u2028"'),
    ],
    "`dict` and other mappings": [({"a": {"b": 1}}, {"a": {"b": 1}}), (UserDict(a=1), {"a": 1})],
    "`list`, `tuple`, `deque`, `range`, views of a dict, generators": [
        (["a"], ["a"]),
        ((1, "b"), [1, "b"]),
        (deque([1]), [1]),
        (range(2), [0, 1]),
        ({"a": 1}.keys(), ["a"]),
        ({"a": 1}.values(), [1]),
    ],
    "`set`, `frozenset`": [({"a"}, ["a"]), (frozenset({1}), [1])],
    "Pydantic models": [(Box(value=Plan.PRO), {"value": "pro"})],
    "dataclasses": [(Holder(value=ID), {"value": str(ID)})],
    "`datetime`, `date`, `time`": [
        (datetime(2030, 3, 17, 12, 0, tzinfo=timezone.utc), "2030-03-17T12:00:00Z"),
        (datetime(2030, 3, 17, 12, 0), "2030-03-17T12:00:00"),  # noqa: DTZ001 (a naive time is the caller's choice)
        (date(2030, 3, 17), "2030-03-17"),
        (time(9, 30), "09:30:00"),
    ],
    "`timedelta`": [
        (timedelta(minutes=5), "PT5M"),
        (timedelta(days=365), "P365D"),
        (timedelta(), "PT0S"),
        (-timedelta(days=1, hours=2, seconds=3, microseconds=40), "-P1DT2H3.00004S"),
    ],
    "`UUID`, paths, IP addresses, Pydantic's URLs": [
        (ID, str(ID)),
        (PurePosixPath("a/b"), "a/b"),
        (ip_address("10.0.0.1"), "10.0.0.1"),
        (ip_network("10.0.0.0/8"), "10.0.0.0/8"),
        (AnyUrl("https://ingen.test/a"), "https://ingen.test/a"),
    ],
    "finite `Decimal`": [(Decimal("12.50"), "12.50")],
    "`Enum`": [(Plan.PRO, "pro"), (Level.HIGH, 3)],
    "numpy's integers, floats, booleans and text": [
        (np.int64(5), 5),
        (np.uint8(200), 200),
        (np.float64(1.5), 1.5),
        (np.float32(0.5), 0.5),
        (np.bool_(True), True),
        (np.str_("a"), "a"),
    ],
    "numpy's `datetime64`, pandas' `Timestamp`": [
        (np.datetime64("2030-03-17T12:00:00"), "2030-03-17T12:00:00"),
        (np.datetime64("2030-03-17"), "2030-03-17"),
        (np.datetime64("2030-03-17T12:00:00.000000001"), "2030-03-17T12:00:00.000000001"),
        (pd.Timestamp("2030-03-17T12:00:00"), "2030-03-17T12:00:00"),
        (pd.Timestamp("2030-03-17T12:00:00.000000001", tz="UTC"), "2030-03-17T12:00:00.000000001+00:00"),
    ],
    "pandas' `Timedelta`": [(pd.Timedelta(minutes=5), "PT5M")],
    "keys: text, `int`, `float`, `UUID`, dates, times, `Enum`": [
        ({"a": 0, 1: "a", 1.5: "b"}, {"a": 0, "1": "a", "1.5": "b"}),
        (
            {ID: 1, date(2030, 3, 17): 2, time(9): 3, Plan.PRO: 4},
            {str(ID): 1, "2030-03-17": 2, "09:00:00": 3, "pro": 4},
        ),
    ],
}
"""Examples of each row of the first table, with what they become."""

BYTES = "send text, such as base64"
SECRET = "is a secret, which is not sent by accident"
NOT_FINITE = "is NaN or infinite"
MISSING = "send None, or leave it out"
NO_FORM = "cannot be encoded as JSON"
KEY = "keys of JSON objects are text"

REFUSED: dict[str, list[tuple[Any, str]]] = {
    "`bytes`, `bytearray`, `memoryview`": [
        (b"a,b", BYTES),
        (b"\xff", BYTES),
        (bytearray(b"a"), BYTES),
        (memoryview(b"a"), BYTES),
        (np.bytes_(b"a"), BYTES),
    ],
    "`SecretStr`, `SecretBytes`": [
        (SecretStr("hidden-text"), SECRET),
        (SecretBytes(b"hidden-text"), SECRET),
        (Secret("hidden-text"), SECRET),
    ],
    "NaN and infinity, also as `Decimal` and of numpy": [
        (math.nan, NOT_FINITE),
        (-math.inf, NOT_FINITE),
        (Decimal("NaN"), NOT_FINITE),
        (Decimal("Infinity"), NOT_FINITE),
        (np.float64("nan"), NOT_FINITE),
        (np.float32("inf"), NOT_FINITE),
    ],
    "pandas' `NaT` and `NA`, numpy's `NaT` and masked values": [
        (np.datetime64("NaT", "s"), MISSING),
        (pd.NaT, MISSING),
        (pd.NA, MISSING),
        (np.ma.masked, MISSING),
    ],
    "arrays of numpy, `Series`, `Categorical`": [
        (np.array([1, 2]), "pass its .tolist()"),
        (pd.Series([1, 2]), "pass its .tolist()"),
        (pd.Categorical(["a"]), "pass its .tolist()"),
    ],
    "`complex`, numpy's `timedelta64`, compiled patterns, any other object": [
        (1 + 2j, NO_FORM),
        (np.complex128(1j), NO_FORM),
        (np.timedelta64(5, "s"), NO_FORM),
        (re.compile("a"), NO_FORM),
        (object(), NO_FORM),
        (UserString("a"), NO_FORM),
    ],
}
"""Examples of each row of the second table but the last, with what the error says."""

KEYS: dict[str, list[Any]] = {
    "keys: `None`, `bool`, NaN, tuples, bytes": [None, True, False, math.nan, -math.inf, (1, 2), b"a", 1j, pd.NaT]
}
"""Keys that are refused: the last row of the second table."""
