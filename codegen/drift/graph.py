"""Side-by-side traversal of the schemas of two documents.

A pair is a shape of the contract and one of upstream. Each pair is compared only once, so that neither cycles nor a
document with everything inlined take more time than their size requires.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from codegen.drift.facts import changes, differ_in_kind
from codegen.drift.schema import Key, Shape, Shapes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from codegen.drift.document import Document, Node

OURS = "-"
UPSTREAM = "+"
SAME_ARM = 0.5
"""Minimum share of common fields for two arms of unions to count as the same arm."""

Pair: TypeAlias = tuple[Key, Key]
Finding: TypeAlias = tuple[str, str, str]
"""Sign, group and location: a path from a pair, or the full location."""


@dataclass(frozen=True)
class Compared:
    """The findings of a pair itself, and the pairs one step below."""

    name: str | None
    """Name of the contract's schema, if the pair is exactly one named schema."""
    members: frozenset[str]
    """Names of the contract's schemas that it combines."""
    opaque: bool
    """Whether only one side has content, so that the findings say little about the schema."""
    findings: frozenset[Finding]
    steps: Sequence[tuple[str, Pair]]


class Graph:
    """The pairs that are reachable from two documents' operations, and the operations' own pairs by location."""

    def __init__(self, ours: Document, theirs: Document) -> None:
        """Start without pairs."""
        self._ours = Shapes(ours)
        self._theirs = Shapes(theirs)
        self.pairs: dict[Pair, Compared] = {}
        self.roots: dict[str, Pair] = {}
        self.absolute: set[Finding] = set()
        """Findings with their full location."""

    def add(self, location: str, ours: Sequence[Node], theirs: Sequence[Node]) -> None:
        """Compare a body or a response, and everything inside it."""
        self.roots[location] = self._walk(self._ours.of(ours), self._theirs.of(theirs))

    def add_parameter(self, location: str, ours: Node | None, theirs: Node | None) -> None:
        """Compare the schemas of a parameter."""
        if ours is not None and theirs is not None:
            self.roots[location] = self._walk(self._ours.of_parameter(ours), self._theirs.of_parameter(theirs))
            lists = self._ours.of([ours]), self._theirs.of([theirs])
            if all("[]" in shape.fields for shape in lists):
                # The shape of a list of values is that of a value; the limits of the list itself remain.
                mine, other = (shape.facts for shape in lists)
                self.absolute |= {
                    (sign, group, location + text) for sign, group, text in changes(mine, other) if group == "limit"
                }

    def add_schemas(self, names: Iterable[str]) -> None:
        """Compare the schemas of the same name that are not reachable from an operation."""
        reached = {compared.name for compared in self.pairs.values()}
        for name in sorted(set(names) - reached):
            self._walk(self._ours.named(name), self._theirs.named(name))

    def _walk(self, ours: Shape, theirs: Shape) -> Pair:
        """Compare two shapes and everything below them, unless they have been compared."""
        waiting = [(ours, theirs)]
        while waiting:
            mine, other = waiting.pop()
            if (mine.key, other.key) in self.pairs:
                continue
            arms = list(self._arms(mine, other))
            steps = [("", *pair) for pair in arms]
            paired = bool(arms) and len(mine.alternatives) == len(other.alternatives) == len(arms)
            apart = differ_in_kind(mine.facts, other.facts)
            if apart:
                steps = []
            elif not paired:
                steps += [
                    (step, self._ours.of(mine.fields[step]), self._theirs.of(other.fields[step]))
                    for step in sorted(mine.fields.keys() & other.fields.keys())
                ]
            waiting.extend((mine, other) for _, mine, other in steps)
            self.pairs[mine.key, other.key] = Compared(
                name=mine.name,
                members=mine.members,
                opaque=mine.is_empty != other.is_empty,
                findings=frozenset(_findings(mine, other, paired=paired, apart=apart)),
                steps=[(step, (mine.key, other.key)) for step, mine, other in steps],
            )
        return ours.key, theirs.key

    def _arms(self, ours: Shape, theirs: Shape) -> Iterator[tuple[Shape, Shape]]:
        """Yield pairs of corresponding arms of two unions, those most alike first."""
        mine = [self._ours.of([arm]) for arm in ours.alternatives]
        others = [self._theirs.of([arm]) for arm in theirs.alternatives]
        likeness = sorted(
            (-_likeness(one, two), abs(i - j), i, j) for i, one in enumerate(mine) for j, two in enumerate(others)
        )
        left, right = set(range(len(mine))), set(range(len(others)))
        for unlike, _, i, j in likeness:
            if i in left and j in right and unlike <= -SAME_ARM:
                left.remove(i)
                right.remove(j)
                yield mine[i], others[j]


def _likeness(one: Shape, two: Shape) -> float:
    """Return the proportion of fields and values that two shapes share."""
    mine, others = ({*shape.fields, *(f"= {value}" for value in shape.values)} for shape in (one, two))
    return len(mine & others) / max(len(mine | others), 1)


def _findings(ours: Shape, theirs: Shape, *, paired: bool, apart: bool) -> Iterator[Finding]:
    """Yield the findings of a pair: those of arms that are compared themselves, or that have no type in common, not."""
    facts = set(changes(ours.facts, theirs.facts))
    if apart:
        yield from (finding for finding in facts if finding[1] != "limit")
        return
    yield from facts
    if paired:
        return
    fields = ours.fields.keys(), theirs.fields.keys()
    for group, prefix, mine, others in (("field", "", *fields), ("value", " = ", ours.values, theirs.values)):
        yield from ((OURS, group, prefix + text) for text in mine - others)
        yield from ((UPSTREAM, group, prefix + text) for text in others - mine)
    both = {step[1:] for step in ours.fields.keys() & theirs.fields.keys() if step.startswith(".")}
    for name in both & (ours.facts.required ^ theirs.facts.required):
        yield (OURS if name in ours.facts.required else UPSTREAM), "required", f".{name}"
