"""The vendor's JavaScript client, over a server: every method."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .node_caller import NodeCaller, skip_reason, to_camel_case
from .rows import ROWS, SCENE, run_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .row import Row

REASON = skip_reason()
pytestmark = pytest.mark.skipif(REASON is not None, reason=str(REASON))


@pytest.fixture(scope="module")
def caller() -> Iterator[NodeCaller]:
    with SCENE.simulator.serve() as url:
        made = NodeCaller(url)
        yield made
        made.close()


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_results_and_later_reads_are_as_expected(caller: NodeCaller, row: Row) -> None:
    assert run_row(row, caller) == []


def test_every_method_has_a_row(caller: NodeCaller) -> None:
    found = set(caller.call("methods", (), {}))
    assert len(found) > 90
    assert {to_camel_case(row.method) for row in ROWS} == found
