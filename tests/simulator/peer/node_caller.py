"""The vendor's JavaScript client, in a subprocess."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.support.paths import ROOT

from .callers import KEY
from .row import Failed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NODE = Path(__file__).with_name("node")
PACKAGE = NODE / "node_modules" / "@knocklabs" / "node" / "package.json"
OLDEST_NODE = 20


def skip_reason() -> str | None:
    """Return why the client cannot run on this machine; None if it can."""
    node = shutil.which("node")
    if node is None:
        return "node is not installed"
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(version.removeprefix("v").partition(".")[0]) < OLDEST_NODE:
        return f"node {version} is older than v{OLDEST_NODE}"
    wanted = json.loads((NODE / "package.json").read_text(encoding="utf-8"))["dependencies"]["@knocklabs/node"]
    if not PACKAGE.exists():
        return f"@knocklabs/node is not installed: npm install --no-package-lock --prefix {NODE.relative_to(ROOT)}"
    found = json.loads(PACKAGE.read_text(encoding="utf-8"))["version"]
    return None if found == wanted else f"@knocklabs/node is {found}, not {wanted}"


class NodeCaller:
    """Calls through `drive.mjs`, over connections to a server."""

    def __init__(self, url: str) -> None:
        self._process = subprocess.Popen(
            ["node", "drive.mjs", url, KEY], cwd=NODE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def call(self, method: str, args: Sequence[str], given: Mapping[str, Any]) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        line = json.dumps({"method": to_camel_case(method), "args": list(args), "given": given})
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        outcome = json.loads(self._process.stdout.readline())
        if "error" in outcome:
            raise AssertionError(outcome["error"])
        return Failed(outcome["status"]) if "status" in outcome else outcome["result"]

    def close(self) -> None:
        """Wait for the process to end."""
        self._process.communicate(timeout=10)


def to_camel_case(method: str) -> str:
    """Convert the name of a method to JavaScript's spelling: `users.list_messages` to `users.listMessages`."""
    return re.sub(r"_(url$|\w)", lambda found: found[1].upper(), method)  # generateSignedURL
