"""The report: from figures to JSON and to a table."""

from __future__ import annotations

import os
import platform
from typing import TYPE_CHECKING, Any

from .measure import ratios, spread
from .row import BARE, LIMIT, OURS, PEER
from .subjects import installed_version

if TYPE_CHECKING:
    from .row import Goal, Row, Samples

DISTRIBUTIONS = ("knock-sdk", "knockapi", "httpx", "httpcore", "pydantic", "aiohttp", "httpx-aiohttp", "httpx2")
COLUMNS = ((OURS, BARE), (OURS, PEER), (LIMIT, BARE))
"""Ratios that have a column."""


def environment(*, quick: bool) -> dict[str, Any]:
    """Return facts that the figures depend on, without any that identify the machine."""
    return {
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "system": platform.system(),
        "cpus": os.cpu_count(),
        "versions": {name: installed_version(name) for name in DISTRIBUTIONS},
        "quick": quick,
    }


def describe(row: Row, samples: Samples) -> dict[str, Any]:
    """Return a row's entry in the report: absolute figures, ratios, and the results of its goals."""
    pairs = [(name, row.base) for name in samples if name != row.base]
    pairs += [(goal.figure, goal.over) for goal in row.goals if goal.over is not None]
    found = {
        pair_name(over, under): spread(ratios(samples[over], samples[under]))
        for over, under in [*pairs, (OURS, PEER)]
        if over in samples and under in samples
    }
    return {
        "name": row.name,
        "what": row.what,
        "base": row.base,
        "rounds": max(len(figures) for figures in samples.values()),
        "subjects": {name: spread(figures) for name, figures in samples.items()},
        "ratios": found,
        "goals": [_judge(goal, samples, found) for goal in row.goals],
    }


def without_figures(row: Row, reason: str, *, broken: bool) -> dict[str, Any]:
    """Return the entry of a row that was not measured."""
    return {"name": row.name, "what": row.what, "base": row.base, "note": reason, "broken": broken}


def pair_name(over: str, under: str) -> str:
    """Return the name of a ratio."""
    return f"{over} / {under}"


def _judge(goal: Goal, samples: Samples, found: dict[str, Any]) -> dict[str, Any]:
    if goal.over is None:
        reached = spread(samples[goal.figure])["median"] if goal.figure in samples else None
    else:
        reached = found.get(pair_name(goal.figure, goal.over), {}).get("median")
    return {**goal._asdict(), "reached": reached, "held": None if reached is None else reached <= goal.most}


def table(report: dict[str, Any]) -> str:
    """Return the table as Markdown, and below it the ratios that have no column."""
    lines = [
        "| row | what | ours / bare | ours / knockapi | limit / bare | goal | |",
        "|---|---|---|---|---|---|---|",
        *(_line(row) for row in report["rows"]),
    ]
    further = [line for row in report["rows"] for line in _further(row)]
    goals = [goal for row in report["rows"] for goal in row.get("goals", ()) if goal["held"] is not None]
    held = sum(goal["held"] for goal in goals)
    closing = f"{held} of {len(goals)} goals reached in {sum(row['seconds'] for row in report['rows']):.0f} s"
    return "\n".join([*lines, "", *([*further, ""] if further else []), closing])


def _line(row: dict[str, Any]) -> str:
    if "note" in row:
        return f"| {row['name']} | {row['what']} | | | | {row['note']} | |"
    shown = [_ratio(row, *pair) for pair in COLUMNS]
    judged = [goal["held"] for goal in row["goals"] if goal["held"] is not None]
    mark = "" if not judged else "✓" if all(judged) else "✗"
    goals = "; ".join(_goal(goal) for goal in row["goals"]) or "none"
    return "| " + " | ".join([row["name"], row["what"], *shown, goals, mark]) + " |"


def _ratio(row: dict[str, Any], over: str, under: str) -> str:
    found = row["ratios"].get(pair_name(over, under))
    return "" if found is None else f"{found['median']:.2f}"


def _goal(goal: dict[str, Any]) -> str:
    if goal["over"] is None:
        text = f"{goal['figure']} ≤ {goal['most'] * 1000:g} ms"
        return text if goal["reached"] is None else f"{text}: {goal['reached'] * 1000:.1f} ms"
    text = f"≤ {goal['most']:.2f} × {goal['over']}"
    if (goal["figure"], goal["over"]) in COLUMNS or goal["reached"] is None:
        return text
    return f"{goal['figure']} {text}: {goal['reached']:.2f}"


def _further(row: dict[str, Any]) -> list[str]:
    shown = {pair_name(*pair) for pair in COLUMNS} | {pair_name(PEER, BARE)}
    shown |= {pair_name(goal["figure"], goal["over"]) for goal in row.get("goals", ()) if goal["over"] is not None}
    others = [f"{name}: {found['median']:.2f}" for name, found in row.get("ratios", {}).items() if name not in shown]
    return [f"- {row['name']}: {'; '.join(others)}"] if others else []
