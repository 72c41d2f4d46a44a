"""The table of rules: each test states the rule that it is for, and the document that has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

DOCUMENTS = {
    "api": "data/specs/api/openapi.yml",
    "c": "content/concepts",
    "cli": "knocklabs/knock-cli, src/lib/marshal",
    "dw": "content/designing-workflows",
    "f": "content/in-app-ui/feeds",
    "g": "content/in-app-ui/guides",
    "int": "content/integrations",
    "js": "knocklabs/javascript: packages/client/src",
    "managing-recipients": "content/managing-recipients",
    "mapi": "data/specs/mapi/openapi.yml",
    "mt": "content/in-app-ui/message-types",
    "mtn": "content/multi-tenancy",
    "node": "knocklabs/knock-node: src",
    "old": "the reference of the API before the OpenAPI document",
    "preferences": "content/preferences",
    "py": "knocklabs/knock-python: src/knockapi",
    "reference": "content/__api-reference",
    "sk": "knocklabs/skills",
    "sn": "content/send-notifications",
    "te": "content/template-editor",
    "ui": "content/in-app-ui",
    "version-control": "content/version-control",
}
"""Folders of Knock's documentation and of its clients, which show what that leaves out, by a document's first part."""


class Rule(NamedTuple):
    """A rule, the document that has it, and the test."""

    document: str
    rule: str
    test: str


RULES: list[Rule] = []


def rule(document: str, text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add the decorated test to the table."""
    if document.partition("/")[0] not in DOCUMENTS:
        raise ValueError(f"{document}: begins with none of {', '.join(DOCUMENTS)}")

    def add(test: Callable[..., Any]) -> Callable[..., Any]:
        module = test.__module__.removeprefix("tests.simulator.").replace(".", "/")
        RULES.append(Rule(document, text, f"{module}.py::{test.__name__}"))
        return test

    return add


def render() -> str:
    """Return the table in Markdown, sorted by document."""
    rows = [f"| {each.document} | {each.rule} | {each.test} |" for each in sorted(RULES)]
    return "\n".join(["| document | rule | test |", "|---|---|---|", *rows])
