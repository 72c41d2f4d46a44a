"""Pages of methods, one for each resource."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from codegen.generators.operations import limits_of
from codegen.generators.reference.words import ERROR_CLASSES, PER_SECOND, REPEATS, TITLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from codegen.contract.document import Contract, Operation
    from codegen.generators.reference.examples import Example
    from codegen.generators.reference.methods import Method
    from codegen.generators.reference.names import PublicNames

_TABS = '=== "Sync"\n\n{sync}\n\n=== "Async"\n\n{asynchronous}\n'

_COMMON = (
    "The examples use this client; `AsyncKnock` has the same methods, to be awaited. [All methods](../index.md) says "
    "what is common to them."
)
_CLIENTS = _TABS.format(
    sync="    ```python\n    from knock_sdk import Knock\n\n    client = Knock()\n    ```",
    asynchronous="    ```python\n    from knock_sdk import AsyncKnock\n\n    client = AsyncKnock()\n    ```",
)


def pages(
    contract: Contract, methods: list[Method], examples: Mapping[str, Example], names: PublicNames
) -> dict[str, str]:
    """Return the pages by their paths."""
    found: dict[str, str] = {}
    for resource in sorted({method.resource for method in methods}):
        own = [method for method in methods if method.resource == resource]
        title, purpose = TITLES[resource]
        parts = [
            f"# {title}: methods\n\n<!-- samples: alone after the first -->\n\n{purpose} {_COMMON}\n",
            _CLIENTS,
            *(_section(contract, method, examples, names) for method in own),
        ]
        found[f"methods/{resource}.md"] = "\n".join(parts)
    return found


def _section(contract: Contract, method: Method, examples: Mapping[str, Example], names: PublicNames) -> str:
    """Return the section of a method."""
    if (operation := method.operation) is None:
        return _job(method, names)
    facts = "".join(f"- **{label}**: {text}\n" for label, text in _facts(contract, method, operation, names))
    return f"{_head(method)}\n{facts}{_parameters(method, names)}{_example(examples.get(method.name))}"


def _job(method: Method, names: PublicNames) -> str:
    """Return the section of a method that splits any number of items into requests."""
    facts = (
        "- **Requests**: as many as the items need, within the rate limit; [Bulk jobs](../../bulk.md) says how\n"
        f"- **Returns**: {_returns(method, names)}\n"
    )
    return f"{_head(method)}\n{facts}{_parameters(method, names)}"


def _head(method: Method) -> str:
    description = f"\n{method.description}\n" if method.description else ""
    return f"## `{method.name}`\n\n{method.summary}\n{description}\n```pyi\n{method.signature}\n```\n"


def _facts(contract: Contract, method: Method, operation: Operation, names: PublicNames) -> Iterator[tuple[str, str]]:
    node = operation.node
    yield "Request", f"`{operation.key}`"
    tier: int = node["x-knock-tier"]
    rate = "1 request" if tier == 1 else f"{PER_SECOND[tier]:,} requests"
    yield "Rate limit", f"tier {tier}, {rate} a second"
    yield "Repeated", REPEATS[node["x-knock-repeat"]]
    yield "Key", "secret or public" if node.get("x-knock-public") else "secret"
    if limits := list(_limits(contract, operation)):
        yield "Limits", "; ".join(limits)
    if page := node.get("x-knock-page"):
        yield "Pages", f"`page.items` are the `{page['items']}` of the response; the next cursor is `{page['next']}`"
    if node.get("x-knock-retention"):
        yield "Retention", "messages and runs past the account's retention period are left out"
    yield "Returns", _returns(method, names)
    yield "Raises", "; ".join(_errors(operation, names))


def _limits(contract: Contract, operation: Operation) -> Iterator[str]:
    """Yield the limits that the client checks before it sends the request."""
    for limit in limits_of(contract, operation):
        value = limit.value
        if limit.kind == "range" and isinstance(value, tuple):
            yield f"`{limit.name}` {value[0]} to {value[1]}"
        elif isinstance(value, int):
            unit = {"items": "items", "pairs": "pairs", "length": "characters", "size": "bytes as JSON"}[limit.kind]
            yield f"`{limit.name}` at most {value:,} {unit}"


def _returns(method: Method, names: PublicNames) -> str:
    if method.returns == "None":
        return "nothing"
    linked = names.linked(method.returns, "types")
    shown = f"`{method.returns}`" if linked.strip("[").partition("]")[0] != f"`{method.returns}`" else ""
    parts = [f"{linked}" if not shown else f"{shown}{f' ({linked})' if linked else ''}"]
    return f"{parts[0]}: {method.returned}" if method.returned else parts[0]


def _errors(operation: Operation, names: PublicNames) -> Iterator[str]:
    """Yield the errors that are particular to an operation; any call may raise the others."""
    for code, when in operation.node.get("x-knock-errors", {}).items():
        yield f"{names.link(ERROR_CLASSES.get(code, 'APIStatusError'))} `{code}`: {when}"
    if operation.body is not None or any(parameter["in"] == "query" for parameter in operation.parameters):
        yield f"{names.link('UnprocessableEntityError')} `invalid_params`: a value is refused; `errors` has the fields"
    if operation.node["x-knock-repeat"] == "never":
        yield f"{names.link('OutcomeUnknownError')}: the connection failed after the request had been sent"
    yield "[what any call may raise](../index.md#errors)"


def _parameters(method: Method, names: PublicNames) -> str:
    """Return the list of the parameters."""
    lines: list[str] = []
    for parameter in method.parameters:
        need = "required" if parameter.is_required else "optional"
        linked = names.linked(parameter.type, "params")
        more = f" See {linked}." if linked else ""
        lines.append(f"- `{parameter.name}` (`{parameter.type}`, {need}): {parameter.description}{more}\n")
    lines.append("- `**options`: [options of the call](../index.md#options).\n")
    return "\nParameters:\n\n" + "".join(lines)


def _example(example: Example | None) -> str:
    if example is None:
        return ""
    fenced = [f"```python\n{code}\n```" for code in (example.sync, example.asynchronous)]
    sync, asynchronous = (textwrap.indent(block, "    ") for block in fenced)
    return "\n" + _TABS.format(sync=sync, asynchronous=asynchronous)
