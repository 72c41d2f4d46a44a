"""The command `python -m codegen`: write generated files, check them, compare with upstream, or build the site."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from codegen import check, site, unasync
from codegen.contract.document import load
from codegen.contract.lint import lint
from codegen.drift.comparison import drift
from codegen.drift.document import DriftError
from codegen.formatting import ROOT
from codegen.generators import operations, simulator_contract, types, webhooks

if TYPE_CHECKING:
    from collections.abc import Sequence

CONTRACT = "openapi/knock.yaml"


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Run the command line; return the exit status: 0 without findings, 1 with findings, 2 for wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m codegen", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; report files that differ from what is generated"
    )
    commands = parser.add_subparsers(dest="command", title="commands")
    drifting = commands.add_parser(
        "drift", help="report differences between the contract and an upstream OpenAPI document"
    )
    drifting.add_argument("file", type=Path, help="the upstream document, JSON or YAML, OpenAPI 3.0 or 3.1")
    commands.add_parser("site", help="build the documentation site, strictly, in the folder `site`")
    chosen = parser.parse_args(arguments)
    if chosen.command and chosen.check:
        parser.error("--check cannot be combined with a command")
    if chosen.command == "drift":
        return report_drift(root / CONTRACT, chosen.file)
    if chosen.command == "site":
        return build_site(root)
    return generate(root, write=not chosen.check)


def generate(root: Path, *, write: bool) -> int:
    """Generate everything, then install it or compare it with the committed files."""
    with tempfile.TemporaryDirectory() as temporary:
        made = Path(temporary)
        findings = make(root, made)
        if not findings:
            findings += check.install(made, root) if write else check.compare(made, root)
    findings += [problem for tree in unasync.TREES for problem in unasync.by_hand_problems(tree, root)]
    print("\n".join(findings) or ("written" if write else "generated files are up to date"))
    return 1 if findings else 0


def make(root: Path, made: Path) -> list[str]:
    """Generate everything into a folder that mirrors the repository; return the problems of the sources."""
    package = made / check.PACKAGE
    package.mkdir(parents=True)
    try:
        loaded = load(root / CONTRACT)
    except (OSError, yaml.YAMLError) as error:
        return [f"{CONTRACT}: {error}"]
    findings = [f"{CONTRACT}: {problem}" for problem in lint(loaded) or simulator_contract.unknown_keywords(loaded)]
    if not findings:
        types.generate(loaded, package)
        operations.generate(loaded, package)
        simulator_contract.generate(loaded, package)
        webhooks.generate(loaded, package)
    for tree in unasync.TREES:
        try:
            unasync.derive(tree, root, made / tree.target)
        except unasync.UnasyncError as error:
            findings += error.problems
    if sys.version_info < (3, 11):
        return [
            *findings,
            "docs/reference: run this on Python 3.11 or newer, which the tools of the documentation need",
        ]
    from codegen.generators import reference  # which needs griffe

    return findings or reference.generate(loaded, root, made)


def build_site(root: Path) -> int:
    """Build the documentation site and print its problems."""
    findings = site.build(root)
    print("\n".join(findings) or f"built in {root / site.SITE}")
    return 1 if findings else 0


def report_drift(ours: Path, upstream: Path) -> int:
    """Print the differences between two documents."""
    try:
        differences = drift(ours, upstream)
    except DriftError as error:
        print(error, file=sys.stderr)
        return 2
    print("\n".join(map(str, differences)) or "no drift")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
