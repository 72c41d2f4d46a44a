"""Modules that a first call loads, in an installation of only the client and its dependencies."""

from __future__ import annotations

from .interpreters import run_apart

STARTS = {
    "import": "import knock_sdk",
    "first trigger": """\
from knock_sdk import Knock
with Knock(api_key="sk_test_costs", base_url=URL) as client:
    client.workflows.trigger("digest", recipients=["ada"])
""",
    "first async trigger": """\
import asyncio
from knock_sdk import AsyncKnock
async def main():
    async with AsyncKnock(api_key="sk_test_costs", base_url=URL) as client:
        await client.workflows.trigger("digest", recipients=["ada"])
asyncio.run(main())
""",
}


def loaded_after(*statements: str) -> set[str]:
    """Return the modules that some statements load in a fresh interpreter."""
    before, after = run_apart("before = sorted(sys.modules)", *statements, "[before, sorted(sys.modules)]")
    return set(after) - set(before)


def loaded_by(start: str, url: str) -> set[str]:
    """Return the modules that one of the starts loads."""
    return loaded_after(f"URL = {url!r}", STARTS[start])


def modules(url: str) -> dict[str, dict[str, int]]:
    """Return the number of modules that each start loads."""
    return {"modules": {start: len(loaded_by(start, url)) for start in STARTS}}
