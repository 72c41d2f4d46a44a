"""What breaks users of an earlier version: `python -m tests.packaging.breaking_changes v1.0.0`.

It compares the public API with that of the tag, and fails if the number of the present version does not permit what it
finds: see docs/versioning.md.
"""

from __future__ import annotations

import re
import sys

import griffe

from knock_sdk import __version__
from tests.packaging.public_api import PublicAPI, read_api

_COLOURS = re.compile(r"\x1b\[\d+m")


def breaking_changes(old: PublicAPI, new: PublicAPI) -> list[str]:
    """Return what a program that was written for the old API may stumble over."""
    found = [f"{name}: it can no longer be imported" for name in sorted(old.exported - new.exported)]
    for name, target in sorted(old.objects.items()):
        if name in new.objects:
            explained = (
                change.explain(griffe.ExplanationStyle.ONE_LINE)
                for change in griffe.find_breaking_changes(target, new.objects[name])
            )
            found += [_COLOURS.sub("", text) for text in explained]
    return list(dict.fromkeys(found))  # what is inherited is found once for each class


def permits_breaking(old: str, new: str) -> bool:
    """Tell whether a version may break users of an older one: another major version, before 1.0 another minor one."""
    before, after = (list(map(int, re.findall(r"\d+", version)[:2])) for version in (old, new))
    return after > before if before[0] == 0 else after[0] > before[0]


def main(tag: str) -> None:
    """Run the command."""
    found = breaking_changes(read_api(tag), read_api())
    print("\n".join(found) or f"Nothing breaks users of {tag}.")
    if found and not permits_breaking(tag, __version__):
        raise SystemExit(f"After {tag}, version {__version__} does not permit this: see docs/versioning.md.")


if __name__ == "__main__":
    main(*sys.argv[1:])
