"""The cost of each further item does not depend on the number of items."""

from __future__ import annotations

import pytest

from .interpreters import run_apart


def take(function: str) -> dict[str, float]:
    figures: dict[str, float] = run_apart(f"from tests.costs.items import {function}", f"{function}()")
    return figures


@pytest.mark.parametrize("function", ["walked_items", "walked_pages"])
def test_iteration_costs_the_same_for_every_item_and_page(function: str) -> None:
    figures = take(function).values()
    assert max(figures) <= 1.05 * min(figures)


@pytest.mark.parametrize("function", ["encoded", "recipients", "decoded"])
def test_items_are_encoded_and_decoded_without_bytecode(function: str) -> None:
    figures = set(take(function).values())
    assert len(figures) == 1, "each item is processed in Python"


def test_fields_are_read_without_bytecode() -> None:
    assert take("read") == {}
