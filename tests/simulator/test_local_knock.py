"""`docs/local-knock.md`: other samples run as they stand, options exist, pictures are there and small."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk.testing import Simulator
from knock_sdk.testing import __main__ as command
from tests.simulator.peer.node_caller import NODE, skip_reason
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = (ROOT / "docs" / "local-knock.md").read_text(encoding="utf-8")
SERVED = "http://127.0.0.1:8400"
LARGEST_PICTURE = 150_000


def samples(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


CURL = [sample for sample in samples("sh") if sample.startswith("curl")]


@pytest.fixture
def sim() -> Simulator:
    return Simulator()


@pytest.fixture
def url(sim: Simulator) -> Iterator[str]:
    with sim.serve() as address:
        yield address


def test_there_are_samples() -> None:
    assert (len(samples("js")), len(CURL)) == (1, 1)


def test_the_sample_in_javascript_runs(sim: Simulator, url: str) -> None:
    reason = skip_reason()
    if reason is not None:
        (pytest.fail if "NODE_TESTS_REQUIRED" in os.environ else pytest.skip)(reason)
    (sample,) = samples("js")
    program = ["node", "--input-type=module", "--eval", sample.replace(SERVED, url)]
    subprocess.run(program, cwd=NODE, check=True)
    assert [message.data for message in sim.messages(to="ana")] == [{"plan": "pro"}]


def test_the_command_runs(sim: Simulator, url: str) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    (sample,) = CURL
    subprocess.run(["sh", "-ec", sample.replace(SERVED, url)], check=True, capture_output=True)
    assert [message.data for message in sim.messages(to="ana")] == [{"plan": "pro"}]


def test_the_sample_for_react_names_what_a_test_shows_in_a_browser(sim: Simulator) -> None:
    """The test's own page has more around it: `tests/browser/react-feed`."""
    (sample,) = samples("jsx")
    shown = (ROOT / "tests" / "browser" / "react-feed" / "main.jsx").read_text(encoding="utf-8")
    names = re.findall(r"\w+", re.findall(r"import \{(.*?)\}", sample)[0])
    assert names
    assert all(f"<{name}" in shown and f"<{name}" in sample for name in names)
    assert re.findall(r'feedId="(.*?)"', sample) == [sim.channel("in_app_feed").id]


def test_every_option_exists(capsys: Any) -> None:
    with pytest.raises(SystemExit):
        command.main(["--help"])
    known = set(re.findall(r"--[a-z][a-z-]+", capsys.readouterr().out))
    ours = PAGE.partition("## Docker")[0]
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", ours)) <= known


def test_pictures_are_there_and_small() -> None:
    pictures = re.findall(r"!\[.+?\]\((images/.+?)\)", PAGE)
    assert len(pictures) >= 3
    for picture in pictures:
        assert (ROOT / "docs" / picture).stat().st_size < LARGEST_PICTURE
