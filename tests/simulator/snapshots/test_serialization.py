"""Python objects as JSON and back."""

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


def there_and_back(value: Any) -> Any:
    return unpack(json.loads(json.dumps(pack(value))))


@settings(max_examples=300, deadline=None)
@given(VALUES)
def test_what_comes_back_is_what_was_given(value: Any) -> None:
    again = there_and_back(value)
    assert again == value
    assert type(again) is type(value)
    assert repr(again) == repr(value) or isinstance(value, (set, frozenset, dict, list, tuple, deque))


def test_the_hour_that_comes_twice() -> None:
    for fold in (0, 1):
        moment = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=fold)
        again = there_and_back(moment)
        assert (again.fold, again.utcoffset(), again.tzinfo) == (fold, moment.utcoffset(), moment.tzinfo)


def test_what_is_shared_stays_shared() -> None:
    inner: dict[str, Any] = {"x": 1}
    reference = Reference("ana")
    one, two, three, four = there_and_back([inner, inner, reference, {reference: reference}])
    assert one is two
    assert three is four[three]
    assert next(iter(four)) is three


def test_circles() -> None:
    circle: dict[str, Any] = {}
    circle["self"] = [circle]
    again = there_and_back(circle)
    assert again["self"][0] is again
    rows: defaultdict[str, Any] = defaultdict(OrderedRows)
    rows["a"].add(1, rows)
    back = there_and_back(rows)
    assert dict(back["a"].iterate())[1] is back
    assert len(back["new"]) == 0


def test_objects_are_made_without_their_constructors(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = pack(OrderedRows[int]())
    monkeypatch.setattr(OrderedRows, "__init__", lambda _: pytest.fail("the constructor ran"))
    assert len(unpack(packed)) == 0  # type: ignore[arg-type]


def test_random_numbers_go_on() -> None:
    source = Random(5)
    source.random()
    again = there_and_back(source)
    assert [again.random() for _ in range(5)] == [source.random() for _ in range(5)]


def test_limited_lengths_stay() -> None:
    assert there_and_back(deque([1, 2], maxlen=2)).maxlen == 2
    assert there_and_back(date(2026, 1, 1)) == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("value", "named"),
    [(object(), "builtins.object"), (len, "builtin"), (lambda: 0, "function"), (json.JSONDecoder(), "JSONDecoder")],
)
def test_what_cannot_be_kept_is_named(value: object, named: str) -> None:
    with pytest.raises(TypeError, match="cannot be saved") as caught:
        pack({"a": [value]})
    assert named in str(caught.value)


@pytest.mark.parametrize("tag", ["Trigger", "knock_sdk.testing.state.records.Trigger", "os.system", "", 1, None])
def test_other_classes_are_not_made(tag: object) -> None:
    assert unpack(pack(Trigger)) is Trigger
    with pytest.raises(ValueError, match="no class has the tag"):
        unpack({"shapes": [], "value": ["class", tag]})
