"""Run the rows and print the report."""

from __future__ import annotations

import argparse
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.support.subjects import SUBJECTS

from .row import LIMIT, LONG, Outcome, Row, run_apart
from .rows import ROWS


def main() -> int:
    """Run the command; return 1 if knock-sdk missed a goal."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--peer", action="store_true", help="run the vendor's client too")
    parser.add_argument("--anyio", action="store_true", help="run knock-sdk too where no loop watches sockets")
    parser.add_argument("--only", help="numbers of rows, separated by commas")
    parser.add_argument("--json", metavar="FILE", help="write the outcomes to a file too")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--subject", choices=SUBJECTS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one is not None:
        print(json.dumps(ROWS[options.one].run(SUBJECTS[options.subject]())))
        return 0
    numbers = [int(number) for number in options.only.split(",")] if options.only else list(ROWS)
    if unknown := set(numbers) - set(ROWS):
        parser.error(f"unknown row {min(unknown)}")
    subjects = ["knock-sdk", *(["knock-sdk-anyio"] if options.anyio else []), *(["knockapi"] if options.peer else [])]
    started = time.monotonic()
    outcomes = run_all([ROWS[number] for number in numbers], subjects)
    show(outcomes, subjects)
    missed = [number for number, each in outcomes.items() if not reached(each)]
    print(f"\n{len(outcomes) - len(missed)} of {len(outcomes)} goals reached in {time.monotonic() - started:.0f} s")
    if options.json:
        Path(options.json).write_text(json.dumps(outcomes, indent=1), encoding="utf-8")
    return 1 if missed else 0


def run_all(rows: list[Row], subjects: list[str]) -> dict[int, dict[str, Outcome]]:
    """Run rows, two at a time unless one needs the machine to itself; print each outcome as it is known."""
    outcomes: dict[int, dict[str, Outcome]] = {row.number: {} for row in rows}

    def run(job: tuple[Row, str]) -> None:
        row, subject = job
        outcomes[row.number][subject] = outcome = run_apart(row.number, subject, LONG if row.long else LIMIT)
        print(f"{row.number:>3} {subject}: {outcome.shown}", file=sys.stderr, flush=True)

    jobs = [(row, subject) for row in rows for subject in subjects]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, [job for job in jobs if not job[0].alone]))
    for job in jobs:
        if job[0].alone:
            run(job)
    return outcomes


def reached(outcomes: dict[str, Outcome]) -> bool:
    """Return whether knock-sdk reached a goal, in each way in which it was run."""
    return all(outcome.held and outcome.quick for name, outcome in outcomes.items() if name.startswith("knock-sdk"))


def show(outcomes: dict[int, dict[str, Outcome]], subjects: list[str]) -> None:
    """Print the table as Markdown."""
    print("|".join(["", "#", "fault or bad input", "goal", "", *subjects, ""]))
    print("|".join(["", *["---"] * (4 + len(subjects)), ""]))
    for number, each in outcomes.items():
        row = ROWS[number]
        mark = "✓" if reached(each) else "✗"
        print("|".join(["", str(number), row.fault, row.goal, mark, *(each[name].shown for name in subjects), ""]))


if __name__ == "__main__":
    sys.exit(main())
