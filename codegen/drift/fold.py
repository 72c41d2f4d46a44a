"""Placement of the differences between schemas in a report.

A difference inside a named schema of the contract is reported once, at that schema, if it occurs wherever the schema is
used. If it does not, or if the schema is used only once, the difference is passed on to the user of the schema: another
named schema, where the same rule applies, or finally an operation.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codegen.drift.graph import Finding, Graph, Pair

Arms: TypeAlias = "dict[str, str]"
"""The named schemas whose unions a path enters, and the rest of the path from each."""
Names: TypeAlias = "frozenset[tuple[str, Finding]]"
"""The names of a finding as seen from such schemas, any of which may report it instead."""


@dataclass(frozen=True)
class _Path:
    """The steps from one pair to another."""

    start: Pair
    text: str
    arms: Arms

    def step(self, text: str, members: frozenset[str]) -> _Path:
        """Return the path extended by one step, from a pair that combines these schemas."""
        arms = self.arms | dict.fromkeys(members, "")
        return _Path(self.start, self.text + text, {name: rest + text for name, rest in arms.items()})

    def lead_to(self, finding: Finding) -> tuple[Finding, Names]:
        """Return the name of a finding at the end of the path as seen from its start, and from the arms of unions."""
        sign, group, text = finding
        elsewhere = frozenset((name, (sign, group, rest + text)) for name, rest in self.arms.items())
        return (sign, group, self.text + text), elsewhere


@dataclass(frozen=True)
class _Claim:
    """The origin of a finding, and its other names."""

    origin: tuple[Pair, Finding]
    elsewhere: Names


Claims: TypeAlias = dict["Finding", _Claim]


def fold(graph: Graph) -> Iterator[Finding]:
    """Yield every finding with its full location; the same one may be repeated."""
    return _Fold(graph).reports()


class _Fold:
    def __init__(self, graph: Graph) -> None:
        self._pairs = graph.pairs
        self._locations: dict[Pair, list[str]] = defaultdict(list)
        for location, pair in graph.roots.items():
            self._locations[pair].append(location)
        named = [pair for pair, compared in graph.pairs.items() if compared.name is not None]
        self._uses: dict[Pair, list[_Path]] = {pair: [] for pair in (*named, *self._locations)}
        self._found = {pair: self._read(pair) for pair in self._uses}
        self._sites = self._shared_sites()

    def reports(self) -> Iterator[Finding]:
        """Yield the findings, passing each upwards from schema to schema until it is reported."""
        reports: list[tuple[Finding, Names]] = []
        claimed: dict[str, set[Finding]] = defaultdict(set)
        arrived = {pair: dict(claims) for pair, claims in self._found.items() if claims}
        while arrived:
            passed_on: dict[Pair, Claims] = defaultdict(dict)
            for pair, claims in arrived.items():
                name = self._pairs[pair].name
                for finding, claim in claims.items():
                    if name is not None and self._is_everywhere(name, finding):
                        claimed[name].add(finding)
                        reports.append((_locate(name, finding), claim.elsewhere))
                    else:
                        reports += [
                            (_locate(location, finding), claim.elsewhere) for location in self._locations.get(pair, ())
                        ]
                        for path in self._uses[pair]:
                            above, elsewhere = path.lead_to(finding)
                            passed_on[path.start][above] = _Claim(claim.origin, claim.elsewhere | elsewhere)
            arrived = {pair: self._record(pair, claims) for pair, claims in passed_on.items()}
        for report, elsewhere in reports:
            if not any(finding in claimed[name] for name, finding in elsewhere):
                yield report

    def _read(self, anchor: Pair) -> Claims:
        """Return the findings below a pair, down to the next named schemas, whose uses are recorded."""
        claims: Claims = {}
        seen = {anchor}
        waiting = deque([(anchor, _Path(anchor, "", {}))])
        while waiting:
            pair, path = waiting.popleft()
            compared = self._pairs[pair]
            for finding in compared.findings:
                full, elsewhere = path.step("", compared.members).lead_to(finding)
                claims[full] = _Claim((pair, finding), elsewhere)
            for text, below in compared.steps:
                step = path.step(text, compared.members)
                if below in self._uses:
                    self._uses[below].append(step)
                elif below not in seen or not self._pairs[below].steps:  # equal scalars are one pair
                    seen.add(below)
                    waiting.append((below, step))
        return claims

    def _record(self, pair: Pair, claims: Claims) -> Claims:
        """Record the findings passed on to a pair; return only the new ones, so that cycles end."""
        origins = {claim.origin for claim in self._found[pair].values()}
        new = {finding: claim for finding, claim in claims.items() if claim.origin not in origins}
        self._found[pair].update(new)
        return new

    def _shared_sites(self) -> dict[str, list[Pair]]:
        """Return the pairs of every named schema that is used several times or never."""
        sites: dict[str, list[Pair]] = defaultdict(list)
        locations: dict[str, set[tuple[object, str]]] = defaultdict(set)
        for pair, uses in self._uses.items():
            name = self._pairs[pair].name
            if name is not None:
                sites[name].append(pair)
                locations[name] |= {(self._pairs[path.start].name or path.start, path.text) for path in uses}
                locations[name] |= {(location, "") for location in self._locations.get(pair, ())}
        for pair, compared in self._pairs.items():
            for name in compared.members:
                locations[name].add((compared.name or pair, "as a member"))
        return {name: self._select_informative(pairs) for name, pairs in sites.items() if len(locations[name]) != 1}

    def _select_informative(self, pairs: list[Pair]) -> list[Pair]:
        """Return the pairs with content on both sides, or all pairs if there are none."""
        return [pair for pair in pairs if not self._pairs[pair].opaque] or pairs

    def _is_everywhere(self, name: str, finding: Finding) -> bool:
        return name in self._sites and all(finding in self._found[pair] for pair in self._sites[name])


def _locate(location: str, finding: Finding) -> Finding:
    sign, group, text = finding
    return sign, group, location + text
