"""Advice on names of other clients: each message names what to use, and nothing else knows these names."""

from __future__ import annotations

import inspect
import re
import traceback
from importlib import import_module
from pkgutil import walk_packages
from typing import TYPE_CHECKING, Any, get_origin

import knockapi
import knockapi.types
import pytest
from pydantic import BaseModel

import knock_sdk
from knock_sdk import APIConnectionError, AsyncKnock, Knock, KnockError, NotFoundError, types
from knock_sdk._core.requests.operations import Operation
from knock_sdk._core.requests.options import WITH_PROPERTIES
from knock_sdk.errors import _hints
from tests.support.server import Server, respond
from tests.support.sides import both
from tests.support.subjects import ours

if TYPE_CHECKING:
    from collections.abc import Callable

THEIR_TYPES = (knockapi.types.__path__, "knockapi.types.")
CLIENTS = (Knock(api_key="sk_test_1"), AsyncKnock(api_key="sk_test_1"))
RESOURCES = [name for name in dir(Knock) if hasattr(getattr(Knock, name), "attrname")]
SECRET = "sk_test_canary"
HTTP_ERROR: dict[str, Any] = {"method": "GET", "path": "/", "attempts": 1}


def message_of(read: Callable[[], Any]) -> str:
    with pytest.raises(AttributeError) as caught:
        read()
    return str(caught.value)


@pytest.mark.parametrize(("name", "hint"), _hints.PACKAGE.items())
def test_a_name_of_another_package_leads_to_ours(name: str, hint: str) -> None:
    assert message_of(lambda: getattr(knock_sdk, name)) == f"module 'knock_sdk' has no attribute {name!r}; {hint}"
    with pytest.raises(ImportError, match=re.escape(f"cannot import name {name!r} from 'knock_sdk'; {hint}")):
        exec(f"from knock_sdk import {name}", {})
    assert not hasattr(knock_sdk, name)
    assert getattr(knock_sdk, name, 7) == 7
    assert name not in dir(knock_sdk)


def test_every_public_name_of_the_vendors_client_is_ours_or_leads_to_ours() -> None:
    known = {*knock_sdk.__all__, *_hints.PACKAGE}
    assert {name for name in dir(knockapi) if not name.startswith("_")} <= known


THEIR_MODULES = [knockapi.types, *(import_module(info.name) for info in walk_packages(*THEIR_TYPES) if info.ispkg)]
THEIR_NAMES = sorted({(module.__name__, name) for module in THEIR_MODULES for name in dir(module) if name[0].isupper()})


@pytest.mark.parametrize(("module", "name"), THEIR_NAMES, ids=[".".join(each) for each in THEIR_NAMES])
def test_every_type_of_the_vendors_client_is_ours_or_leads_to_ours(module: str, name: str) -> None:
    if name in types.__all__:
        return
    with pytest.raises(ImportError) as caught:
        exec(f"from knock_sdk.types import {name}", {})
    message = str(caught.value)
    start = f"cannot import name {name!r} from 'knock_sdk.types'; "
    if name.endswith("Params"):
        methods = message.removeprefix(f"{start}its keys are keyword arguments of ").split(" or ")
        assert all(callable(find(client, method.removesuffix("(…)"))) for client in CLIENTS for method in methods)
        return
    (text,) = re.findall(f"{re.escape(start)}use (.+)", message)
    named = eval(text, {"knock_sdk": knock_sdk})
    theirs = getattr(import_module(module), name)
    assert (get_origin(theirs) is list) == (get_origin(named) is list)
    if isinstance(theirs, type) and issubclass(theirs, BaseModel):
        assert isinstance(named, type)
        assert issubclass(named, BaseModel)
        fields = {field.alias or key for key, field in theirs.model_fields.items()}
        assert fields <= {field.alias or key for key, field in named.model_fields.items()}
    elif get_origin(named) is not list:
        assert text.startswith("knock_sdk.params.")


def find(owner: object, path: str) -> object:
    for name in path.split("."):
        owner = getattr(owner, name)
    return owner


@pytest.mark.parametrize(
    ("module", "name", "hint"),
    [
        ("knock_sdk", "User", "use knock_sdk.types.User"),
        ("knock_sdk", "Condition", "use knock_sdk.types.Condition or knock_sdk.params.Condition"),
        ("knock_sdk", "Simulator", "use knock_sdk.testing.Simulator"),
        ("knock_sdk.errors", "APIError", _hints.PACKAGE["APIError"]),
        ("knock_sdk.params", "Subscription", "use knock_sdk.types.Subscription"),
        ("knock_sdk.testing", "Knock", "use knock_sdk.Knock"),
        ("knock_sdk.testing", "Simulater", "did you mean 'Simulator'?"),
        ("knock_sdk.types", "Usr", "did you mean 'User'?"),
        ("knock_sdk.types", "shared_params", "use knock_sdk.params"),
        ("knock_sdk.types.recipients", "PreferenceSet", "use knock_sdk.types.PreferenceSet"),
        ("knock_sdk.params.users", "RecipientRequestParam", "use knock_sdk.params.RecipientRequest"),
    ],
)
def test_a_name_of_another_module_leads_there(module: str, name: str, hint: str) -> None:
    assert message_of(lambda: getattr(import_module(module), name)).endswith(f"has no attribute {name!r}; {hint}")
    with pytest.raises(ImportError, match=re.escape(f"cannot import name {name!r} from {module!r}; {hint}")):
        exec(f"from {module} import {name}", {})


def test_every_public_attribute_of_the_vendors_client_is_ours_or_leads_to_ours() -> None:
    theirs = knockapi.Knock(api_key="sk_test_1")
    for owner, other in [(theirs, CLIENTS[0]), *((getattr(theirs, r), getattr(CLIENTS[0], r)) for r in RESOURCES)]:
        for name in dir(owner):
            if not name.startswith("_") and not hasattr(other, name):
                assert "; " in message_of(lambda name=name, other=other: getattr(other, name))


def test_a_misspelt_name_leads_to_the_nearest() -> None:
    assert message_of(lambda: knock_sdk.NotFoundErr).endswith("; did you mean 'NotFoundError'?")
    for client in CLIENTS:
        assert message_of(lambda client=client: client.user).endswith("; did you mean 'users'?")
        wrong = message_of(lambda client=client: client.users.get_preference)
        assert wrong.endswith("object has no attribute 'get_preference'; did you mean 'get_preferences'?")
        assert message_of(lambda client=client: client.xyz).endswith("object has no attribute 'xyz'")
        assert message_of(lambda client=client: client.__xyz__).endswith("object has no attribute '__xyz__'")


@pytest.mark.parametrize("client", CLIENTS, ids=["sync", "async"])
@pytest.mark.parametrize("owner", ["", *RESOURCES])
def test_a_hint_names_what_exists(client: Any, owner: str) -> None:
    target = getattr(client, owner) if owner else client
    kind = type(target).__name__.removeprefix("Async")
    for name, hint in {**_hints._ANY_RESOURCE, **_hints._RESOURCES.get(kind, {})}.items():
        assert message_of(lambda name=name: getattr(target, name)).endswith(f"; {hint}")
        assert not hasattr(target, name)
        assert getattr(target, name, None) is None
        assert name not in dir(target)
        for path in re.findall(r"([\w.]+)\(", hint):
            found: Any = target
            if path.startswith(("client.", "knock_sdk.")):
                found, path = (client if path[0] == "c" else knock_sdk), path.partition(".")[2]  # noqa: PLW2901
            for part in path.split("."):
                found = getattr(found, part)
            assert callable(found)


def test_attributes_of_other_errors_lead_to_ours() -> None:
    error = NotFoundError("m", status_code=404, method="GET", path="/")
    none = APIConnectionError("m", sent=True, **HTTP_ERROR)
    for each in (error, none, KnockError("m")):
        for name, hint in _hints.ERROR.items():
            if hasattr(each, name):
                assert isinstance(each, NotFoundError)
                continue
            assert message_of(lambda name=name, each=each: getattr(each, name)).endswith(f"{name!r}; {hint}")
            assert getattr(each, name, 7) == 7
            assert name not in dir(each)
    assert message_of(lambda: error.request_ids).endswith("; did you mean 'request_id'?")


def test_pages_and_lists_lead_to_their_own_names() -> None:
    with Server(respond(json={"entries": [], "page_info": {}})) as server, both(ours(), server.url) as sides:
        for side in sides:
            first = side.run(lambda client: client.users.list())
            for name, hint in _hints.PAGE.items():
                assert message_of(lambda name=name, first=first: getattr(first, name)).endswith(f"; {hint}")
                assert not hasattr(first, name)
    listed = CLIENTS[1].users.list()
    for name, hint in _hints.PAGINATOR.items():
        assert message_of(lambda name=name: getattr(listed, name)).endswith(f"; {hint}")
        assert name not in dir(listed)


@pytest.mark.parametrize(
    ("call", "advice"),
    [
        (lambda c: c.users.update("ian", plan="pro"), "; custom properties go into properties={'plan': …}"),
        (lambda c: c.users.update("ian", limit=5), "; custom properties go into properties={'limit': …}"),
        (lambda c: c.objects.set("p", "1", plan="pro"), "; custom properties go into properties={'plan': …}"),
        (lambda c: c.tenants.set("acme", plan="pro"), "; custom properties go into properties={'plan': …}"),
        (
            lambda c: c.users.update("ian", time_out=1),
            "; did you mean 'timeout'?; custom properties go into properties={'time_out': …}",
        ),
        (lambda c: c.users.update("ian", idempotency_key="k"), "; only workflows.trigger takes one"),
        (lambda c: c.schedules.delete(schedule_ids=["1"], idempotency_key="k"), "; only workflows.trigger takes one"),
        (lambda c: c.users.get("ian", headers={}), "; use extra_headers"),
        (lambda c: c.get("/v1/users", params={}), "; use extra_query"),
        (lambda c: c.post("/v1/users", json={}), "; use extra_body"),
        (
            lambda c: c.users.get("ian", expand="x"),
            "; a query parameter that this method does not know goes into extra_query={'expand': …}",
        ),
        (
            lambda c: c.workflows.trigger("w", recipients=["ian"], dat={}),
            "; did you mean 'data'?; a field that this method does not know goes into extra_body={'dat': …}",
        ),
        (
            lambda c: c.users.get(user_id="ian", timeou=1),
            (
                "; did you mean 'timeout'?; a query parameter that this method does not know goes into"
                " extra_query={'timeou': …}"
            ),
        ),
        (
            lambda c: c.workflows.trigger("w", recipients=["ian"], colour="x"),
            "; a field that this method does not know goes into extra_body={'colour': …}",
        ),
    ],
)
def test_an_unexpected_keyword_leads_to_the_right_one(call: Callable[[Any], Any], advice: str) -> None:
    with Server(respond()) as server, both(ours(), server.url) as sides:
        for side in sides:
            error = side.run(call)
            assert type(error) is TypeError
            name = str(error).split("'")[1]
            assert str(error) == f"unexpected keyword argument {name!r}{advice}"
        assert server.requests == []


def test_an_unexpected_keyword_of_a_list_leads_to_the_right_one() -> None:
    with Server(respond()) as server, both(ours(), server.url) as sides:
        for side in sides:
            for name, advice in (("limit", "page_size"), ("starting_after", "after"), ("ending_before", "before")):
                error = side.iterate(lambda client, name=name: client.users.list(**{name: 1}), 1)
                assert str(error) == f"unexpected keyword argument {name!r}; use {advice}"
        assert server.requests == []


@pytest.mark.parametrize("name", ["base_url", "http_client", "proxy", "set_default_headers", "max_retry"])
def test_an_unexpected_setting_leads_to_the_right_one(name: str) -> None:
    hint = _hints.KEYWORDS["with_options"].get(name, "did you mean 'max_retries'?")
    for client in CLIENTS:
        with pytest.raises(TypeError) as caught:
            client.with_options(**{name: None})  # type: ignore[arg-type]
        assert str(caught.value) == f"unexpected keyword argument {name!r}; {hint}"


@pytest.mark.parametrize("kind", [Knock, AsyncKnock])
@pytest.mark.parametrize("name", [*_hints.KEYWORDS["new"], "timeot"])
def test_a_setting_that_a_client_does_not_have_leads_to_the_right_one(kind: Any, name: str) -> None:
    hint = _hints.KEYWORDS["new"].get(name, "did you mean 'timeout'?")
    with pytest.raises(TypeError) as caught:
        kind(**{"api_key": SECRET, name: SECRET})
    assert str(caught.value) == f"unexpected keyword argument {name!r}; {hint}"
    for setting in re.findall(r"use (\w+)", hint):
        assert setting in inspect.signature(kind).parameters
    raised_by = traceback.StackSummary.extract(traceback.walk_tb(caught.tb), capture_locals=True)[1:]
    assert raised_by
    assert SECRET not in str([frame.locals for frame in raised_by])


@pytest.mark.parametrize("kind", [Knock, AsyncKnock])
def test_a_key_without_its_name_leads_to_it(kind: Any) -> None:
    with pytest.raises(TypeError, match=r"^a client takes its settings by name, such as api_key=$"):
        kind(SECRET)


@pytest.mark.parametrize("kind", [Knock, AsyncKnock])
def test_a_class_of_ones_own_may_take_other_arguments(kind: Any) -> None:
    class Own(kind):  # type: ignore[misc]
        def __init__(self, customer: str, *, proxy: str) -> None:
            super().__init__(api_key="sk_test_1")
            self.customer = (customer, proxy)

    assert Own("ingen", proxy="none").customer == ("ingen", "none")
    with pytest.raises(TypeError, match=r"unexpected keyword argument 'auth'$"):
        Own("ingen", proxy="none", auth="none")


def test_methods_with_properties_are_known() -> None:
    found: set[str] = set()
    operations = import_module("knock_sdk._core.requests.operations")
    for resource in RESOURCES:
        kind = type(getattr(CLIENTS[0], resource))
        for _, method in inspect.getmembers(kind, inspect.isfunction):
            if "properties" in inspect.signature(method).parameters:
                (constant,) = re.findall(r"op\.(\w+)", inspect.getsource(method))
                operation = getattr(operations, constant)
                assert isinstance(operation, Operation)
                found.add(operation.name)
    assert found == WITH_PROPERTIES
