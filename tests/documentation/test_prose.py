"""Prose: every method is shown on a page that somebody wrote, in a sample of each client."""

from __future__ import annotations

import re

from codegen.contract.document import load
from tests.support.paths import CONTRACT_FILE
from tests.support.samples import pages, read, samples_of

METHODS = sorted(operation.method for operation in load(CONTRACT_FILE).operations if operation.method)
PROSE = [page for page in pages() if page.startswith("docs/") and not page.startswith("docs/reference/")]
DOMAINS = [page for page in PROSE if page.startswith("docs/domains/")]


def calls(page: str) -> tuple[str, str]:
    """Return the code of the samples of a page, for both sides."""
    sync, asynchronous = (
        "".join(each.code for each in samples_of(page) if each.tab == tab) for tab in ("Sync", "Async")
    )
    return sync, asynchronous


def test_98_of_98_methods_are_shown_in_prose() -> None:
    sync, asynchronous = ("".join(code) for code in zip(*map(calls, PROSE), strict=True))
    assert [method for method in METHODS if f"client.{method}(" not in sync] == []
    assert [method for method in METHODS if f"client.{method}(" not in asynchronous] == []
    assert len(METHODS) == 98


def test_pages_by_domain_lead_to_the_reference_and_say_limits() -> None:
    for page in DOMAINS:
        text = read(page)
        assert "](../reference/methods/" in text or "](../reference/params/" in text, page
        assert re.search(r"^## (?:.* and )?[Ll]imits", text, re.MULTILINE), page
