"""Methods as editors show them: parameters, result and docstring, the same for both clients."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest

from knock_sdk import AsyncKnock, Knock
from tests.support.calls.recording import CONTRACT, KEY, OPERATIONS
from tests.support.calls.row import PageOf, Row
from tests.support.calls.rows import ROWS
from tests.support.methods import methods_of, reach

METHODS = sorted({row.call for row in ROWS})
CLIENTS = [Knock(api_key=KEY), AsyncKnock(api_key=KEY)]
SYNC_NAMES = {"AsyncPaginator": "Page", "AsyncFeedPaginator": "FeedPage"}
CLIENT = {"close", "delete", "get", "post", "put", "request", "with_options"}
"""Methods of the clients themselves."""
JOBS = {"bulk_operations.wait", "workflows.trigger_each"} | {
    name for name in methods_of(CLIENTS[0]) if name.endswith("_many")
}
"""Methods that make requests of an operation until all is done; `tests/bulk` compares those that end in `_many`."""

each_method = pytest.mark.parametrize("method", METHODS)
each_client = pytest.mark.parametrize("client", CLIENTS, ids=["Knock", "AsyncKnock"])


@each_client
def test_a_client_has_the_methods_of_the_contract_and_its_own(client: Any) -> None:
    of_contract = {operation.method for operation in CONTRACT.operations if operation.method}
    found = set(methods_of(client))
    assert found - JOBS == of_contract | CLIENT
    assert found >= JOBS


@each_client
@each_method
def test_every_parameter_is_used_in_a_row(client: Any, method: str) -> None:
    parameters = inspect.signature(reach(client, method)).parameters.values()
    given: set[str] = set()
    for row in ROWS:
        if row.call == method:
            names = [parameter.name for parameter in parameters if parameter.kind is parameter.POSITIONAL_OR_KEYWORD]
            given |= set(names[: len(row.args)]) | row.given.keys()
    assert given == {parameter.name for parameter in parameters} - {"options"}


@each_client
@each_method
def test_ids_are_positional_and_other_parameters_are_keywords(client: Any, method: str) -> None:
    *parameters, options = inspect.signature(reach(client, method)).parameters.values()
    paths = [OPERATIONS[row.operation].path for row in ROWS if row.call == method]
    ids = max((re.findall(r"\{(\w+)\}", path) for path in paths), key=len)
    positional = [one.name for one in parameters if one.kind is one.POSITIONAL_OR_KEYWORD]
    assert positional == ids
    assert {one.kind for one in parameters} <= {options.POSITIONAL_OR_KEYWORD, options.KEYWORD_ONLY}
    assert (options.name, options.kind, options.annotation) == (
        "options",
        options.VAR_KEYWORD,
        "Unpack[RequestOptions]",
    )


@each_client
@each_method
def test_the_docstring_names_the_operation_and_every_parameter(client: Any, method: str) -> None:
    bound = reach(client, method)
    first, blank, second, *_ = inspect.getdoc(bound).splitlines()
    assert first.endswith(".")
    assert blank == ""
    (operation,) = (key for key, operation in OPERATIONS.items() if operation.method == method)
    assert second.startswith(f"`{operation}`.")
    described = re.findall(r"^ {4}(\**\w+): \S", section(bound, "Args"), re.MULTILINE)
    assert described == ["**options" if name == "options" else name for name in inspect.signature(bound).parameters]
    returns = {row.returns for row in ROWS if row.call == method}
    assert bool(section(bound, "Returns")) == (returns != {None})
    assert section(bound, "Raises")


def section(method: object, title: str) -> str:
    """Return a section of a docstring, empty if there is none."""
    found = re.search(rf"^{title}:\n((?: {{4}}.*\n?)+)", inspect.getdoc(method) or "", re.MULTILINE)
    return found[1] if found else ""


@pytest.mark.parametrize("method", [*METHODS, *sorted(CLIENT | JOBS), "__init__"])
def test_both_clients_have_the_same_signature(method: str) -> None:
    ours, theirs = (str(inspect.signature(reach(client, method))) for client in CLIENTS)
    # The only difference: threads are fewer than tasks.
    theirs = theirs.replace("max_connections: 'int' = 100", "max_connections: 'int' = 32")
    assert re.sub(r"\bAsync\w+", lambda name: SYNC_NAMES.get(name[0], name[0].removeprefix("Async")), theirs) == ours
    assert "Async" not in ours


@each_client
@pytest.mark.parametrize("method", sorted(JOBS))
def test_the_docstring_of_a_job_names_every_parameter(client: Any, method: str) -> None:
    bound = reach(client, method)
    first, blank, second, *_ = inspect.getdoc(bound).splitlines()
    assert (first[-1], blank) == (".", "")
    assert re.match("`(" + "|".join(map(re.escape, OPERATIONS)) + ")`", second)
    described = re.findall(r"^ {4}(\**\w+): \S", section(bound, "Args"), re.MULTILINE)
    assert described == ["**options" if name == "options" else name for name in inspect.signature(bound).parameters]
    assert section(bound, "Returns")
    assert "InvalidArgumentError: " in section(bound, "Raises") or method == "bulk_operations.wait"


@pytest.mark.parametrize("row", {row.call: row for row in ROWS}.values(), ids=str)
def test_the_annotated_result_is_the_type_in_the_row(row: Row) -> None:
    annotation = inspect.signature(reach(CLIENTS[0], row.call)).return_annotation
    assert annotation == format_annotation(row)


def format_annotation(row: Row) -> str:
    """Return the annotation for the result of a row."""
    if row.call == "users.feeds.list_items":
        return "FeedPage"
    if isinstance(row.returns, PageOf):
        return f"Page[t.{row.returns.item.__name__}]"
    if row.returns is None:
        return "None"
    if isinstance(row.returns, type) and not hasattr(row.returns, "__args__"):
        return f"t.{row.returns.__name__}"
    return f"builtins.list[t.{row.returns.__args__[0].__name__}]"
