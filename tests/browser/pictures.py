"""The pictures of the documentation: `python -m tests.browser.pictures` writes them to `docs/images`.

They show the scene of the tests at a fixed time, so that they change only when the page does. It needs pngquant
(`apt-get install pngquant`), which makes them small.
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from knock_sdk import Knock
from knock_sdk.testing import Simulator
from tests.browser import scene
from tests.browser.chromium import Windows, start
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page

IMAGES = ROOT / "docs" / "images"
SIZE = {"width": 1200, "height": 750}


def main() -> int:
    """Take the pictures; return the exit status."""
    IMAGES.mkdir(exist_ok=True)
    sim = Simulator()
    with sim.serve() as url, Knock(api_key="sk_test_pictures", base_url=url) as client, start() as browser:
        scene.fill(sim, client)
        sim.advance(minutes=1)
        messages = scene.by_channel(sim)
        client.messages.mark_as_read(messages["postmark"])
        client.messages.mark_as_seen(messages["in-app"])
        runs = {run.recipient: run.id for run in client.workflow_recipient_runs.list(workflow="plan-ends")}
        windows = Windows(browser)
        for name, path, scheme in (
            ("inbox", "/", "light"),
            ("email", f"/messages/{messages['postmark']}", "light"),
            ("run", f"/runs/{runs['ben']}", "dark"),
        ):
            page = windows.open(url + path, viewport=SIZE, color_scheme=scheme, reduced_motion="reduce")
            take(page, name)
        windows.close()
    for problem in windows.problems:
        sys.stderr.write(f"{problem}\n")
    return 1 if windows.problems else 0


def take(page: Page, name: str) -> None:
    """Write a picture of what a page shows."""
    page.wait_for_load_state("load")
    page.evaluate("document.fonts.ready")
    (IMAGES / f"{name}.png").write_bytes(shrink(page.screenshot(animations="disabled", caret="hide")))


def shrink(png: bytes) -> bytes:
    """Return a PNG with a palette of its 256 most useful colours, a third as large."""
    return subprocess.run(
        ["pngquant", "--strip", "--speed", "1", "256", "-"], input=png, stdout=subprocess.PIPE, check=True
    ).stdout


if __name__ == "__main__":
    sys.exit(main())
