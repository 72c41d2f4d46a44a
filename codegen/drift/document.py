"""Reader of OpenAPI documents of this API from other sources.

Upstream documents may be JSON or YAML, 3.0 or 3.1, with other names for operations, schemas and placeholders. Only what
can be compared is read: operations by verb and path, each with its parameters, body and responses.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias, cast
from urllib.parse import unquote, urlsplit

import yaml

if TYPE_CHECKING:
    from pathlib import Path

Node: TypeAlias = Mapping[str, Any]
"""A mapping of the parsed document; its values are Any, because a JSON value has no narrower type."""

VERBS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
TIERS = ("x-knock-tier", "x-ratelimit-tier")
"""Extensions that hold the tier of an operation's rate limits: the contract's, and Knock's own."""
RESERVED_HEADERS = {"accept", "authorization", "content-type"}
"""Header parameters that OpenAPI ignores: other sections of a document describe them."""

_PLACEHOLDER = re.compile(r"\{([^}]*)\}")
_SCALARS = (
    ("null", ["~", "n", ""], re.compile(r"^(?:~|null|)$")),
    ("bool", ["t", "f"], re.compile(r"^(?:true|false)$")),
    ("int", list("-0123456789"), re.compile(r"^-?(?:0|[1-9]\d*)$")),
    ("float", list("-.0123456789"), re.compile(r"^-?(?:\d*\.\d+(?:[eE][-+]?\d+)?|\d+[eE][-+]?\d+)$")),
    ("merge", ["<"], re.compile(r"^<<$")),
)
"""Plain words of YAML that are not strings, with their first letters: those of JSON, and `<<`. PyYAML's own list is
longer, but an enum value `no` or `2026-10-01` is a string."""
_RESOLVERS = {
    letter: [(f"tag:yaml.org,2002:{kind}", pattern) for kind, letters, pattern in _SCALARS if letter in letters]
    for letter in {letter for _, letters, _ in _SCALARS for letter in letters}
}
_FAST_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LOADER = cast("type[yaml.SafeLoader]", type("_Loader", (_FAST_LOADER,), {"yaml_implicit_resolvers": _RESOLVERS}))


class DriftError(Exception):
    """A document cannot be compared; the message has the reason."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of an operation."""

    where: str
    name: str
    required: bool
    deprecated: bool
    schema: Node | None

    def __str__(self) -> str:
        """Return `in` and name: `query page_size`."""
        return f"{self.where} {self.name}"


@dataclass(frozen=True)
class Operation:
    """One verb on one path."""

    verb: str
    path: str
    parameters: Mapping[tuple[str, str], Parameter]
    """By `in` and name; path parameters by their position, since the names of placeholders may differ."""
    body: Sequence[Node] | None
    """The schemas of the body, one per media type; `None` if there is no body."""
    body_required: bool
    responses: Mapping[str, Sequence[Node]]
    """By status, or `default`."""
    deprecated: bool
    tier: str | None
    """Tier of the rate limits, if the document says it."""
    security: frozenset[str]
    """The ways to authenticate, any of which is enough; `none` among them if a call needs no key."""

    @property
    def placeholders(self) -> list[str]:
        """The names in braces, in the order of the path."""
        return _PLACEHOLDER.findall(self.path)

    def __str__(self) -> str:
        """Return the verb and the path: `PUT /v1/users/{user_id}`."""
        return f"{self.verb} {self.path}"


class Document:
    """A loaded document."""

    def __init__(self, root: Node, name: str) -> None:
        """Store the parsed document, and its name for messages."""
        self.root = root
        self.name = name

    @cached_property
    def operations(self) -> Mapping[tuple[str, str], Operation]:
        """Every operation, by verb and path with the placeholders left blank."""
        found: dict[tuple[str, str], Operation] = {}
        for path, item in as_mapping(self.root.get("paths")).items():
            shared = self.resolve(item)
            for verb in VERBS:
                if isinstance(shared.get(verb), Mapping):
                    operation = self._operation(verb.upper(), self._prefix + path, shared, shared[verb])
                    key = (operation.verb, _PLACEHOLDER.sub("{}", operation.path))
                    # Of two paths that differ only in their placeholders, the second has its own spelling as the key.
                    found[(operation.verb, operation.path) if key in found else key] = operation
        return found

    @cached_property
    def schemas(self) -> Mapping[str, Node]:
        """The named schemas."""
        return as_mapping(as_mapping(self.root.get("components")).get("schemas"))

    def resolve(self, node: object) -> Node:
        """Follow references until a node that is not one; return it, or an empty node if it is not an object."""
        seen: set[str] = set()
        while isinstance(reference := as_mapping(node).get("$ref"), str):
            if reference in seen:
                raise DriftError(f"{self.name}: `{reference}` refers to itself and nothing else")
            seen.add(reference)
            node = self.lookup(reference)
        return as_mapping(node)

    def lookup(self, reference: str) -> object:
        """Return the node that a reference names."""
        if not reference.startswith("#/"):
            raise DriftError(f"{self.name}: `{reference}` is in another file; bundle the document first")
        node: object = self.root
        for part in reference[2:].split("/"):
            key = unquote(part).replace("~1", "/").replace("~0", "~")
            if key in as_mapping(node):
                node = as_mapping(node)[key]
            elif key.isdecimal() and int(key) < len(as_list(node)):
                node = as_list(node)[int(key)]
            else:
                raise DriftError(f"{self.name}: `{reference}` does not exist; is the document complete?")
        return node

    @cached_property
    def _prefix(self) -> str:
        """The prefix of every path, from the server's URL."""
        servers = as_list(self.root.get("servers"))
        return urlsplit(str(as_mapping(servers[0]).get("url", ""))).path.rstrip("/") if servers else ""

    def _operation(self, verb: str, path: str, item: Node, node: Node) -> Operation:
        body = self.resolve(node.get("requestBody"))
        responses = as_mapping(node.get("responses")).items()
        return Operation(
            verb=verb,
            path=path,
            parameters=dict(
                self._parameters(path, [*as_list(item.get("parameters")), *as_list(node.get("parameters"))])
            ),
            body=_schemas(body) if body else None,
            body_required=body.get("required") is True,
            responses={str(status): _schemas(self.resolve(response)) for status, response in responses},
            deprecated=node.get("deprecated") is True,
            tier=next((str(node[key]) for key in TIERS if node.get(key) is not None), None),
            security=self._security(node.get("security", self.root.get("security"))),
        )

    def _security(self, requirements: object) -> frozenset[str]:
        """Return the ways to authenticate, by kinds of schemes, since their names may differ."""
        schemes = as_mapping(as_mapping(self.root.get("components")).get("securitySchemes"))
        found: set[str] = set()
        for requirement in map(as_mapping, as_list(requirements)):
            kinds: list[str] = []
            for name in requirement:
                scheme = self.resolve(schemes.get(name))
                words = (scheme.get(key) for key in ("type", "scheme", "in", "name"))
                kinds.append(" ".join(str(word) for word in words if word is not None) or name)
            found.add(" and ".join(sorted(kinds)) or "none")
        return frozenset(found or {"none"})

    def _parameters(self, path: str, nodes: Sequence[object]) -> Iterator[tuple[tuple[str, str], Parameter]]:
        positions = {name: index for index, name in enumerate(_PLACEHOLDER.findall(path))}
        for node in map(self.resolve, nodes):
            where, name = str(node.get("in")), _plain_name(str(node.get("name")))
            schemas = [node["schema"]] if isinstance(node.get("schema"), Mapping) else _schemas(node)
            required, deprecated = (node.get(key) is True for key in ("required", "deprecated"))
            parameter = Parameter(where, name, required, deprecated, schemas[0] if schemas else None)
            if where == "path":
                if name in positions:
                    yield (where, str(positions[name])), parameter
            elif where == "header":
                if name.lower() not in RESERVED_HEADERS:
                    yield (where, name.lower()), parameter
            else:
                yield (where, name), parameter


def load(path: Path) -> Document:
    """Read a document in JSON or YAML, 3.0 or 3.1."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        root: object = json.loads(text) if text.lstrip().startswith("{") else yaml.load(text, Loader=_LOADER)  # noqa: S506 - a safe loader with fewer types
    except OSError as error:
        raise DriftError(f"{path}: {error.strerror}") from error
    except json.JSONDecodeError as error:
        raise DriftError(f"{path}: incomplete or not JSON: {error.msg} at line {error.lineno}") from error
    except yaml.MarkedYAMLError as error:
        line = "" if error.problem_mark is None else f" at line {error.problem_mark.line + 1}"
        raise DriftError(f"{path}: neither JSON nor YAML: {error.problem}{line}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise DriftError(f"{path}: neither JSON nor YAML: {' '.join(str(error).split())}") from error
    document = Document(as_mapping(root), str(path))
    version = document.root.get("openapi")
    if not str(version).startswith("3."):
        raise DriftError(f"{path}: not an OpenAPI 3 document: `openapi` is {version or 'missing'}")
    if not isinstance(document.root.get("paths"), Mapping):
        raise DriftError(f"{path}: has no `paths`; is the document complete?")
    return document


def _plain_name(name: str) -> str:
    """Return a parameter's name without brackets: `inserted_at[gte]` becomes `inserted_at.gte`."""
    return re.sub(r"\[([^\]]+)\]", r".\1", name.removesuffix("[]"))


def _schemas(node: Node) -> list[Node]:
    """Return the schemas of the JSON media types of a body, response or parameter, or else of all its media types."""
    content = as_mapping(node.get("content"))
    media = [value for kind, value in content.items() if "json" in kind.lower()] or list(content.values())
    return [schema for value in media if isinstance(schema := as_mapping(value).get("schema"), Mapping)]


def as_mapping(node: object) -> Node:
    """Return the node if it is an object, else an empty one."""
    return cast("Node", node) if isinstance(node, Mapping) else {}


def as_list(node: object) -> list[object]:
    """Return the node if it is a list, else an empty one."""
    return cast("list[object]", node) if isinstance(node, list) else []
