"""The vendor's Python client, sync and async: every method."""

from __future__ import annotations

import knockapi
import pytest

from tests.support.methods import methods_of

from .callers import CALLERS, KEY
from .row import Caller, Row, differences
from .rows import ROWS, SCENE, run_row


@pytest.fixture(scope="module", params=CALLERS)
def caller(request: pytest.FixtureRequest) -> Caller:
    made: Caller = CALLERS[request.param](SCENE.simulator)
    return made


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_results_and_later_reads_are_as_expected(caller: Caller, row: Row) -> None:
    assert run_row(row, caller) == []


@pytest.mark.parametrize(
    "client", [knockapi.Knock(api_key=KEY), knockapi.AsyncKnock(api_key=KEY)], ids=["sync", "async"]
)
def test_every_method_has_a_row(client: object) -> None:
    found = {name for name in methods_of(client) if "." in name}  # without the methods of the client itself
    assert len(found) > 90
    assert {row.method for row in ROWS} == found


def test_differences_name_the_path_and_both_values() -> None:
    found = {"id": "a", "tags": [1, 2], "inner": {"x": 1}, "at": None}
    assert differences({"id": "a", "tags": [1, ...], "inner": {}, "at": None}, found) == []
    assert differences({"id": "b"}, found, "it") == ["it.id is 'a', not 'b'"]
    assert differences({"tags": [1]}, found) == [".tags has 2 elements, not 1: [1, 2]"]
    assert differences({"more": 1}, found) == [".more is missing"]
    assert differences({"inner": {"x": bool}, "at": bool}, found) == [".at is None, not <class 'bool'>"]
