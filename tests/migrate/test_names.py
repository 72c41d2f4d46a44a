"""The names of knockapi 1.x: each has a counterpart, or is listed."""

from __future__ import annotations

import inspect
from importlib import import_module
from pkgutil import walk_packages
from typing import Any, get_origin

import knockapi
import knockapi.types
import pytest
from pydantic import BaseModel

import knock_sdk
from knock_sdk.migrate import migrate_source
from knock_sdk.migrate._analysis.annotations import load
from knock_sdk.migrate._analysis.client_methods import OPTIONS, method
from knock_sdk.migrate._vendor.names import MODEL_ATTRIBUTES, counterpart

OPTIONS_OF_THEIRS = {"extra_headers", "extra_query", "extra_body", "timeout", "idempotency_key"}
LISTED = {"__title__", "ProxiesTypes", "Stream", "AsyncStream", "file_from_path"} | {
    *("DEFAULT_TIMEOUT", "DEFAULT_MAX_RETRIES", "DEFAULT_CONNECTION_LIMITS"),
    *("DefaultHttpxClient", "DefaultAsyncHttpxClient", "DefaultAioHttpClient"),  # changed where they are called
}
BY_PATH = {"get", "post", "put", "patch", "delete", "request", "get_api_list"}
TYPES = sorted(
    {
        (info.name, name)
        for info in walk_packages(knockapi.types.__path__, "knockapi.types.")
        if info.ispkg
        for name in vars(import_module(info.name))
        if name[0].isupper()
    }
    | {("knockapi.types", name) for name in vars(knockapi.types) if name[0].isupper()}
)


def methods_of(owner: object, path: str = "") -> dict[str, Any]:
    """Return the methods of a client or resource of theirs, by what follows the client."""
    found: dict[str, Any] = {}
    for name in dir(type(owner)):
        if name.startswith(("_", "with_")):
            continue
        member = inspect.getattr_static(type(owner), name)
        inner = f"{path}.{name}".lstrip(".")
        if hasattr(member, "func") and type(getattr(owner, name)).__module__.startswith("knockapi.resources"):
            found |= methods_of(getattr(owner, name), inner)
        elif inspect.isfunction(member):
            found[inner] = member
    return found


CLIENTS = [knockapi.Knock(api_key="sk_test_1"), knockapi.AsyncKnock(api_key="sk_test_1")]
METHODS = sorted({(path, client) for client in range(2) for path in methods_of(CLIENTS[client]) if "." in path})


@pytest.mark.parametrize(("path", "client"), METHODS, ids=[f"{path}-{client}" for path, client in METHODS])
def test_a_method_is_called_in_the_same_way_here(path: str, client: int) -> None:
    here = method(path)
    assert here is not None
    parameters = list(inspect.signature(methods_of(CLIENTS[client])[path]).parameters.values())[1:]
    by_position = [each.name for each in parameters if each.kind is each.POSITIONAL_OR_KEYWORD]
    assert list(here.positional[: len(by_position)]) == by_position
    assert {each.name for each in parameters} - OPTIONS_OF_THEIRS <= here.names
    required = {each.name for each in parameters if each.default is each.empty}
    assert here.required <= required
    assert OPTIONS_OF_THEIRS - {"idempotency_key"} <= OPTIONS


def test_the_clients_own_methods_are_decided_about() -> None:
    own = {path for path in methods_of(CLIENTS[0]) if "." not in path}
    assert own == {*BY_PATH, "copy", "close", "is_closed", "platform_headers"}
    code = "".join(f"client.{name}()\n" for name in sorted(own - BY_PATH))
    migrated = migrate_source(f'from knockapi import Knock\n\nclient = Knock(api_key="sk_test_1")\n{code}')
    assert "client.close()\nclient.with_options()\nclient.is_closed()" in migrated.code
    assert [finding.message.partition(":")[0] for finding in migrated.findings] == [
        "`client.is_closed`",
        "`client.platform_headers`",
    ]


@pytest.mark.parametrize("name", sorted(set(knockapi.__all__)))
def test_a_name_has_a_counterpart_or_is_listed(name: str) -> None:
    here = counterpart(f"knockapi.{name}")
    assert (here is None) == (name in LISTED)
    if here is not None:
        module, _, last = here.rpartition(".")
        assert hasattr(import_module(module), last)
    migrated = migrate_source(f"from knockapi import {name}\n")
    exec(migrated.code, {})
    assert [finding.kind for finding in migrated.findings] == ["names-without-counterpart"] * (name in LISTED)
    assert ("knockapi" in migrated.code) == (name in LISTED)


@pytest.mark.parametrize(("module", "name"), TYPES, ids=[f"{module}.{name}" for module, name in TYPES])
def test_a_type_has_a_counterpart_or_is_listed(module: str, name: str) -> None:
    here = counterpart(f"{module}.{name}")
    code = f"from {module} import {name}\n\ndef f(x: {name}) -> None: ...\n"
    migrated = migrate_source(code)
    exec(migrated.code, {})
    if name.endswith("Params"):
        assert here is None
        (finding,) = migrated.findings
        assert finding.kind == "names-without-counterpart"
        assert "its keys are keyword arguments of" in finding.message
        assert migrated.code == code
        return
    assert here is not None
    assert migrated.findings == ()
    assert "knockapi" not in migrated.code
    theirs, loaded = getattr(import_module(module), name), load(here)
    if isinstance(theirs, type) and issubclass(theirs, BaseModel):
        assert isinstance(loaded, type)
        fields = {MODEL_ATTRIBUTES.get(field, field) for field in theirs.model_fields}
        assert fields <= loaded.model_fields.keys()
    else:
        assert ".params." in here or (get_origin(theirs) is list) == (get_origin(loaded) is list)


@pytest.mark.parametrize("name", ["SyncEntriesCursor", "AsyncItemsCursor", "SyncSlackChannelsCursor"])
def test_pages_have_their_counterparts(name: str) -> None:
    code = migrate_source(f"from knockapi.pagination import {name}\n").code
    names: dict[str, Any] = {}
    exec(code, names)
    assert names[name] is (knock_sdk.AsyncPage if name.startswith("Async") else knock_sdk.Page)


def test_names_of_private_modules_are_those_of_the_package() -> None:
    code = (
        "from knockapi._types import NOT_GIVEN\nfrom knockapi._exceptions import APIError\n"
        "from knockapi.resources.users import UsersResource\n"
    )
    migrated = migrate_source(code)
    assert migrated.code == (
        "from knock_sdk import NOT_GIVEN\nfrom knock_sdk import KnockError as APIError\n"
        "from knockapi.resources.users import UsersResource\n"
    )
    assert [finding.line for finding in migrated.findings] == [3]
