"""Serialization: Python objects to JSON and back."""

from __future__ import annotations

import json
from collections import defaultdict, deque
from datetime import date, datetime, timedelta, timezone
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knock_sdk.testing.snapshots.serialization import pack, unpack
from knock_sdk.testing.state.records import Reference, Trigger
from knock_sdk.testing.state.rows import OrderedRows

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.dates()
    | st.timedeltas()
    | st.datetimes()
    | st.datetimes(timezones=st.just(timezone.utc))
    | st.datetimes(timezones=st.sampled_from([ZoneInfo("Europe/Berlin"), timezone(timedelta(hours=-3.5))]))
    | st.builds(Reference, st.text(), st.none() | st.text())
)
KEYS = st.text() | st.integers() | st.tuples(st.text(), st.integers()) | st.builds(Reference, st.text())
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.lists(inner).map(deque)
        | st.dictionaries(KEYS, inner)
        | st.dictionaries(st.text(), inner)
        | st.sets(KEYS)
        | st.frozensets(KEYS)
    ),
    max_leaves=15,
)


def round_trip(value: Any) -> Any:
    return unpack(json.loads(json.dumps(pack(value))))


@settings(max_examples=300, deadline=None)
@given(VALUES)
def test_values_survive_a_round_trip(value: Any) -> None:
    again = round_trip(value)
    assert again == value
    assert type(again) is type(value)
    assert repr(again) == repr(value) or isinstance(value, (set, frozenset, dict, list, tuple, deque))


def test_the_fold_of_a_repeated_hour_is_restored() -> None:
    for fold in (0, 1):
        moment = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=fold)
        again = round_trip(moment)
        assert (again.fold, again.utcoffset(), again.tzinfo) == (fold, moment.utcoffset(), moment.tzinfo)


def test_shared_references_stay_shared() -> None:
    inner: dict[str, Any] = {"x": 1}
    reference = Reference("ana")
    one, two, three, four = round_trip([inner, inner, reference, {reference: reference}])
    assert one is two
    assert three is four[three]
    assert next(iter(four)) is three


def test_circular_references_are_restored() -> None:
    circle: dict[str, Any] = {}
    circle["self"] = [circle]
    again = round_trip(circle)
    assert again["self"][0] is again
    rows: defaultdict[str, Any] = defaultdict(OrderedRows)
    rows["a"].add(1, rows)
    back = round_trip(rows)
    assert dict(back["a"].iterate())[1] is back
    assert len(back["new"]) == 0


def test_objects_are_created_without_their_constructors(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = pack(OrderedRows[int]())
    monkeypatch.setattr(OrderedRows, "__init__", lambda _: pytest.fail("the constructor ran"))
    assert len(unpack(packed)) == 0  # type: ignore[arg-type]


def test_a_random_generator_continues_its_sequence() -> None:
    source = Random(5)
    source.random()
    again = round_trip(source)
    assert [again.random() for _ in range(5)] == [source.random() for _ in range(5)]


def test_the_maximum_length_of_a_deque_is_restored() -> None:
    assert round_trip(deque([1, 2], maxlen=2)).maxlen == 2
    assert round_trip(date(2026, 1, 1)) == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("value", "named"),
    [(object(), "builtins.object"), (len, "builtin"), (lambda: 0, "function"), (json.JSONDecoder(), "JSONDecoder")],
)
def test_an_object_that_cannot_be_saved_is_named(value: object, named: str) -> None:
    with pytest.raises(TypeError, match="cannot be saved") as caught:
        pack({"a": [value]})
    assert named in str(caught.value)


@pytest.mark.parametrize("tag", ["Trigger", "knock_sdk.testing.state.records.Trigger", "os.system", "", 1, None])
def test_unknown_class_tags_are_rejected(tag: object) -> None:
    assert unpack(pack(Trigger)) is Trigger
    with pytest.raises(ValueError, match="no class has the tag"):
        unpack({"shapes": [], "value": ["class", tag]})
