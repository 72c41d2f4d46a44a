"""`docs/comparison.md`: what it says was measured is so for the two clients of Knock."""

from __future__ import annotations

import re

import pytest

from tests.support.paths import ROOT

from .clients import Client, installed
from .trials import TRIALS, Trial

PAGE = (ROOT / "docs" / "comparison.md").read_text(encoding="utf-8")
MEASURED = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in PAGE.split("| what happens |")[1].split("\n\n")[0].splitlines()[2:]
]
OF_KNOCK = {client.name: client for client in installed() if client.name in {"knock-sdk", "knockapi"}}


def test_the_page_has_every_trial_and_the_versions() -> None:
    assert [row[0] for row in MEASURED] == [trial.what for trial in TRIALS]
    assert {len(row) for row in MEASURED} == {6}
    head = re.search(r"^\| what happens \|(.*)\|$", PAGE, re.MULTILINE)
    assert head is not None
    assert [re.sub(r" [\d.]+$", "", cell.strip()) for cell in head[1].split("|")] == [
        *("knock-sdk", "knockapi", "stripe", "openai", "slack_sdk"),
    ]
    assert f"knockapi {OF_KNOCK['knockapi'].version.rpartition('.')[0]}" in head[1]


@pytest.mark.parametrize("client", OF_KNOCK.values(), ids=OF_KNOCK)
@pytest.mark.parametrize("trial", [trial for trial in TRIALS if not trial.timed], ids=lambda trial: trial.what)
def test_the_clients_of_knock_do_what_the_page_says(trial: Trial, client: Client) -> None:
    (row,) = (row for row in MEASURED if row[0] == trial.what)
    assert trial.try_it(client) == row[1 + list(OF_KNOCK).index(client.name)]
