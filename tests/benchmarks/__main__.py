"""Measure the rows and print the report: ratios, side by side, on this machine."""

from __future__ import annotations

import argparse
import json
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from .beside import NAMES, compare, interpreter_of
from .page import rewrite
from .plot import plot
from .processors import CAN_BE_KEPT_AWAKE, kept_awake
from .report import describe, environment, table, without_figures
from .row import Broken, Effort, Row, measure_apart
from .rows import ROWS
from .subjects import installed_version

BESIDE = f"compare with another checkout, which has a .venv, instead; --only can name {', '.join(NAMES)}"


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 1 if a row could not be measured. A missed goal is reported, and not a failure."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--only", metavar="NAME,...", help="measure only these rows")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, less precise")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the report to a file")
    parser.add_argument("--plot", metavar="FILE.svg", type=Path, help="draw the report")
    parser.add_argument("--page", metavar="FILE.md", type=Path, help="write the figures in a page")
    parser.add_argument("--from", metavar="FILE.json", type=Path, dest="source", help="use an earlier report")
    parser.add_argument("--beside", metavar="DIRECTORY", type=checkout, help=BESIDE)
    parser.add_argument("--let-sleep", action="store_true", help="let processors sleep between request and response")
    parser.add_argument("--list", action="store_true", help="list the rows")
    parser.add_argument("--one", choices=ROWS, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.one:
        print(json.dumps(ROWS[options.one].measure(Effort(options.one, options.quick))))
        return 0
    if options.list:
        for row in ROWS.values():
            print(f"{row.name:<20} {row.what}{' (only if named)' if row.extra else ''}")
        return 0
    known = NAMES if options.beside else tuple(ROWS)
    names = options.only.split(",") if options.only else [name for name in known if not ROWS[name].extra]
    if unknown := [name for name in names if name not in known]:
        parser.error(f"unknown row {unknown[0]!r}; known here: {', '.join(known)}")
    awake = CAN_BE_KEPT_AWAKE and not options.let_sleep
    if options.beside:
        with kept_awake() if awake else nullcontext():
            print(compare(options.beside, names, quick=options.quick))
        return 0
    if options.source:
        report = json.loads(options.source.read_text(encoding="utf-8"))
    else:
        with kept_awake() if awake else nullcontext():
            rows = measure_all([ROWS[name] for name in names], quick=options.quick)
        report = {"environment": environment(quick=options.quick, awake=awake), "rows": rows}
    print(table(report))
    write(report, options)
    return 1 if any(row.get("broken") for row in report["rows"]) else 0


def write(report: dict[str, Any], options: argparse.Namespace) -> None:
    """Write the report to the files that were named."""
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    if options.plot:
        options.plot.write_text(plot(report), encoding="utf-8")
    if options.page:
        page = rewrite(options.page.read_text(encoding="utf-8"), report)
        options.page.write_text(page, encoding="utf-8")


def checkout(directory: str) -> Path:
    """Return the directory of another checkout, if it has an interpreter."""
    if not interpreter_of(Path(directory)).exists():
        raise argparse.ArgumentTypeError(f"{directory} has no .venv/bin/python")
    return Path(directory)


def measure_all(rows: list[Row], *, quick: bool) -> list[dict[str, Any]]:
    """Measure rows one after another, and return their entries in the report."""
    entries = []
    for row in rows:
        print(f"{row.name} ...", file=sys.stderr, flush=True)
        started = time.monotonic()
        entries.append({**measure_one(row, quick=quick), "seconds": round(time.monotonic() - started, 1)})
    return entries


def measure_one(row: Row, *, quick: bool) -> dict[str, Any]:
    """Measure a row, and return its entry in the report."""
    if missing := [name for name in row.needs if not is_available(name)]:
        return without_figures(row, f"not available here: needs {', '.join(missing)}", broken=False)
    try:
        return describe(row, measure_apart(row, quick=quick))
    except Broken as error:
        return without_figures(row, f"failed: {error}", broken=True)


def is_available(need: str) -> bool:
    """Return whether a system file or a distribution is available."""
    return Path(need).exists() if need.startswith("/") else installed_version(need) is not None


if __name__ == "__main__":
    sys.exit(main())
