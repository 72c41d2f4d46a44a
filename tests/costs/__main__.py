"""Print the figures of the running Python beside their bounds, or the cost of one call by function."""

from __future__ import annotations

import argparse
import shutil
from collections import Counter

from . import bounds
from .calls import CALLS
from .machine import machine_instructions
from .measures import instructions_of
from .measuring import MEASURES, OBSERVED, server, take

TOP = 40


def main() -> int:
    """Run the command; return 1 if a figure is over its bound."""
    parser = argparse.ArgumentParser(prog="python -m tests.costs", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the figures to the table, which sets the bounds")
    parser.add_argument("--profile", metavar="CALL", choices=CALLS, help="instructions of one call by function")
    parser.add_argument(
        "--callgrind", metavar="CALL", choices=CALLS, help="machine instructions of one call, counted by valgrind"
    )
    options = parser.parse_args()
    if options.callgrind and shutil.which("valgrind") is None:
        parser.error("valgrind is not installed")
    with server() as running:
        if options.profile:
            show_functions(options.profile, running.url)
        elif options.callgrind:
            show_machine(options.callgrind, running.url)
        else:
            return show_figures(running.url, write=options.write)
    return 0


def show_figures(url: str, *, write: bool) -> int:
    """Print the figures beside their bounds."""
    taken = {}
    for function in (*dict.fromkeys(MEASURES.values()), OBSERVED):
        taken.update(take(function, url))
    if write:
        bounds.write({measure: taken[measure] for measure in MEASURES})
    over = 0
    print(f"{'measure':<20}{'call':<34}{'figure':>10}{'bound':>10}")
    for measure, figures in taken.items():
        for call, figure in figures.items():
            limit = bounds.bound(bounds.figure(measure, call)) if measure in MEASURES else None
            missed = limit is not None and figure > limit
            over += missed
            shown = "" if limit is None else f"{limit:,}"
            print(f"{measure:<20}{call:<34}{figure:>10,}{shown:>10}{'  over' * missed}")
    return 1 if over else 0


def show_functions(call: str, url: str) -> None:
    """Print the bytecode instructions of a call by package and function."""
    counted = instructions_of(call, url)
    print(f"{call}: {counted.total:,} instructions")
    print(", ".join(f"{package} {count:,}" for package, count in counted.by_package().most_common() if count))
    for title, table in (("their own", counted.own), ("with what they call", counted.cumulative)):
        print(f"\nthe first {TOP} functions by instructions, {title}")
        print(f"{'own':>8}{'all':>8}{'entered':>8}  function")
        for function, _ in table.most_common(TOP):
            figures = (counted.own[function], counted.cumulative[function], counted.entered[function])
            shown = f"{function.module}:{function.line} {function.name}"
            print("".join(f"{figure:>8,}" for figure in figures) + f"  {shown}")


def show_machine(call: str, url: str) -> None:
    """Print the machine instructions of a call by shared object and function."""
    counts = machine_instructions(call, url)
    libraries: Counter[str] = Counter()
    functions: Counter[str] = Counter()
    for symbol, count in counts.items():
        libraries[symbol.library] += round(count)
        functions[symbol.function] += round(count)
    print(f"{call}: {sum(libraries.values()):,} machine instructions")
    print(", ".join(f"{library} {count:,}" for library, count in libraries.most_common(8)))
    for function, count in functions.most_common(TOP):
        print(f"{count:>12,}  {function}")


if __name__ == "__main__":
    raise SystemExit(main())
