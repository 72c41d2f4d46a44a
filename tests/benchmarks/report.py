"""The report: from figures to JSON and to a table."""

from __future__ import annotations

import os
import platform
from statistics import median
from typing import TYPE_CHECKING, Any

from .http_clients import HTTP_CLIENTS
from .measure import ratios, spread
from .row import BARE, FAILED, LIMIT, OURS, PEER
from .subjects import installed_version

if TYPE_CHECKING:
    from .row import Goal, Row, Samples

DISTRIBUTIONS = ("knock-sdk", "knockapi", "httpx", "httpcore", "pydantic", *HTTP_CLIENTS)
COLUMNS = ((OURS, BARE), (OURS, PEER), (LIMIT, BARE))
"""Ratios that have a column."""


def environment(*, quick: bool, awake: bool) -> dict[str, Any]:
    """Return facts that the figures depend on, without any that identify the machine."""
    return {
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "system": platform.system(),
        "cpus": os.cpu_count(),
        "kept_awake": awake,
        "versions": {name: installed_version(name) for name in DISTRIBUTIONS},
        "quick": quick,
    }


def describe(row: Row, samples: Samples) -> dict[str, Any]:
    """Return a row's entry in the report: absolute figures, ratios, and the results of its goals."""
    timed = {name: figures for name, figures in samples.items() if not name.endswith(FAILED)}
    pairs = [(name, row.base) for name in timed if name != row.base]
    pairs += [(goal.figure, goal.over) for goal in row.goals if goal.over is not None]
    found = {
        pair_name(over, under): spread(ratios(timed[over], timed[under]))
        for over, under in [*pairs, (OURS, PEER), *((OURS, client) for client in HTTP_CLIENTS)]
        if over in timed and under in timed
    }
    entry = {
        "name": row.name,
        "what": row.what,
        "base": row.base,
        "rounds": max(len(figures) for figures in timed.values()),
        "subjects": {name: spread(figures) for name, figures in timed.items()},
        "ratios": found,
        "goals": [_judge(goal, timed, found) for goal in row.goals],
    }
    if row.rate:
        entry["per_second"] = {name: round(1 / median(figures)) for name, figures in timed.items()}
    if failed := {name: spread(samples[name + FAILED]) for name in timed if name + FAILED in samples}:
        entry["failed"] = failed
    return entry


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


def relative_to_by_hand(report: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows that are shown outside the full table: those with a goal relative to code by hand."""
    return [row for row in report["rows"] if any(goal["over"] == BARE for goal in row.get("goals", ()))]


def table(report: dict[str, Any]) -> str:
    """Return the tables as Markdown, and below them the figures that have no column."""
    lines = [
        "| row | what | ours / bare | ours / knockapi | limit / bare | goal | |",
        "|---|---|---|---|---|---|---|",
        *(_line(row) for row in report["rows"]),
    ]
    further = [line for row in report["rows"] for line in _further(row)]
    goals = [goal for row in report["rows"] for goal in row.get("goals", ()) if goal["held"] is not None]
    held = sum(goal["held"] for goal in goals)
    closing = f"{held} of {len(goals)} goals reached in {sum(row['seconds'] for row in report['rows']):.0f} s"
    blocks = [lines, beside_http_clients(report, report["rows"], "name", "ours / each"), further, [closing]]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def beside_http_clients(report: dict[str, Any], rows: list[dict[str, Any]], title: str, head: str) -> list[str]:
    """Return the lines of a table of this client relative to the other HTTP clients, if any was measured."""
    pairs = {client: pair_name(OURS, client) for client in HTTP_CLIENTS}
    pairs = {client: pair for client, pair in pairs.items() if any(pair in row.get("ratios", {}) for row in rows)}
    if not pairs:
        return []
    names = [version_name(report, client) for client in pairs]
    return [
        f"| {' | '.join([head, *names])} |",
        "|---" * (1 + len(names)) + "|",
        *(
            f"| {' | '.join([row[title], *(ratio(row, OURS, client) for client in pairs)])} |"
            for row in rows
            if any(pair in row.get("ratios", {}) for pair in pairs.values())
        ),
    ]


def version_name(report: dict[str, Any], distribution: str) -> str:
    """Return the name of a distribution with the first two parts of its version."""
    version: str | None = report["environment"]["versions"].get(distribution)
    return distribution if version is None else f"{distribution} {'.'.join(version.split('.')[:2])}"


def _line(row: dict[str, Any]) -> str:
    if "note" in row:
        return f"| {row['name']} | {row['what']} | | | | {row['note']} | |"
    shown = [ratio(row, *pair) for pair in COLUMNS]
    judged = [goal["held"] for goal in row["goals"] if goal["held"] is not None]
    mark = "" if not judged else "✓" if all(judged) else "✗"
    goals = "; ".join(_goal(goal) for goal in row["goals"]) or "none"
    return "| " + " | ".join([row["name"], row["what"], *shown, goals, mark]) + " |"


def ratio(row: dict[str, Any], over: str, under: str) -> str:
    """Return the median of a ratio as text, or nothing if it was not measured."""
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
    shown |= {pair for client in HTTP_CLIENTS for pair in (pair_name(OURS, client), pair_name(client, BARE))}
    shown |= {pair_name(goal["figure"], goal["over"]) for goal in row.get("goals", ()) if goal["over"] is not None}
    failed = row.get("failed", {})
    figures = [
        *(f"{name}: {found['median']:.2f}" for name, found in row.get("ratios", {}).items() if name not in shown),
        *(f"{name}: {count:,} calls a second" for name, count in row.get("per_second", {}).items()),
        *(f"{name}: {row['subjects'][name]['median']:.1f} s, {failed[name]['median']:,.0f} failed" for name in failed),
    ]
    return [f"- {row['name']}: {'; '.join(figures)}"] if figures else []
