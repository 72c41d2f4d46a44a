"""The typed workflow: what it sends, and what it refuses."""

from __future__ import annotations

import re

from .programs import run


def test_the_typed_workflow_sends_what_is_valid_and_refuses_the_rest() -> None:
    finished = run("typed_workflow.py")
    assert finished.returncode == 0, finished.stderr
    refused, *messages = finished.stdout.splitlines()
    assert refused == "not sent: data.comment_text: must have at most 200 characters"
    rest = "'author': {'name': 'John Hammond'}, 'written_at': '2026-01-05T08:30:00Z'}"
    assert sorted(messages) == [
        f"esattler {{'commentText': 'Spared no expense.', {rest}",
        f"imalcolm {{'commentText': 'Life finds a way.', {rest}",
    ]


def test_the_typed_workflow_calls_the_real_api_with_a_key() -> None:
    finished = run("typed_workflow.py", KNOCK_API_KEY="sk_test_1", KNOCK_BASE_URL="http://127.0.0.1:9")
    assert finished.returncode == 1
    assert re.match(r"typed_workflow: POST /v1/workflows/\{key\}/trigger: cannot connect", finished.stderr)
