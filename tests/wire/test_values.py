"""Values on both ways over a socket: what is refused is not sent, and what a server may send is read."""

from __future__ import annotations

import gzip
from collections import UserDict, UserString
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from pydantic import BaseModel, computed_field

from knock_sdk import InvalidArgumentError
from tests.support.server import Server, respond

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .caller import Caller

DAY = timedelta(days=1)
USER = b'{"id":"u1","__typename":"User","created_at":null,"updated_at":"2030-01-01T00:00:00Z"}'


def test_bytes_are_refused_before_anything_is_sent(caller: Caller) -> None:
    data = {"attachments": [{"name": "r.csv", "content": b"a,b"}]}
    with Server(respond()) as server:
        client = caller.client(server.url)
        with pytest.raises(InvalidArgumentError, match="base64") as caught:
            caller(client.workflows.trigger, "w", recipients=["u1"], data=data)
        with pytest.raises(InvalidArgumentError, match="base64"):
            caller(client.post, "/v1/x", body=data)
        assert not server.requests
    assert caught.value.argument == "data.attachments[0].content"


class Fails(dict[str, Any]):
    """A mapping of an application, whose values are computed and whose computation fails."""

    def items(self) -> Any:
        raise LookupError("the database is gone")


class Odd(UserDict[str, Any]):
    def __iter__(self) -> Any:
        raise RuntimeError("closed")


class FailingModel(BaseModel):
    @computed_field  # type: ignore[prop-decorator]
    @property
    def total(self) -> int:
        raise ZeroDivisionError


def generate() -> Iterator[str]:
    yield "a"
    raise OSError(5, "disk")


FAILING: dict[str, Callable[[], Any]] = {
    "items": lambda: Fails(a=1),
    "iteration": lambda: Odd(a=1),
    "property": FailingModel,
    "generator": generate,
    "repr": type("Wrong", (), {"__repr__": lambda _: 1 / 0}),
    "attributes": type("Wrong", (), {"__getattr__": lambda _, name: 1 / 0}),
}


@pytest.mark.parametrize("name", FAILING)
def test_whatever_an_object_of_the_caller_raises_becomes_an_invalid_argument(caller: Caller, name: str) -> None:
    make = FAILING[name]
    with Server(respond()) as server:
        client = caller.client(server.url)
        for call, options in (
            (client.workflows.trigger, {"key": "w", "recipients": ["u1"], "data": {"deep": [make()]}}),
            (client.post, {"path": "/v1/x", "body": {"a": make()}}),
            (client.get, {"path": "/v1/x", "query": {"a": make()}}),
            (client.users.update, {"user_id": "u1", "properties": {"a": make()}}),
            (client.users.get, {"user_id": "u1", "extra_query": {"a": [make()]}}),
            (client.users.update, {"user_id": "u1", "extra_body": {"a": {"b": make()}}}),
        ):
            with pytest.raises(InvalidArgumentError):
                caller(call, **options)
        assert not server.requests


def test_an_exception_while_a_value_is_read_is_the_cause(caller: Caller) -> None:
    client = caller.client("https://api.knock.app")
    with pytest.raises(InvalidArgumentError, match="raised OSError") as caught:
        caller(client.workflows.trigger, "w", recipients=["u1"], data={"a": generate()})
    assert isinstance(caught.value.__cause__, OSError)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"repeats": [{"frequency": "weekly", "days": np.array(["mon", "tue"])}]}, r"pass its \.tolist\(\)"),
        ({"recipients": np.array("ian")}, "must be a list, not ndarray"),
        ({"recipients": UserString("ian")}, "must be a list, not UserString"),
        ({"recipients": (name for name in ["ian"])}, "must be a list, not generator"),
        (
            {"scheduled_at": datetime(2030, 1, 1, tzinfo=type("Far", (tzinfo,), {"utcoffset": lambda *_: DAY})())},
            "raised",
        ),
        ({"repeats": (itself := []), "data": itself.append(itself)}, "refer to themselves"),
    ],
    ids=["days", "array", "text", "generator", "zone", "itself"],
)
def test_odd_arguments_are_refused_by_name(caller: Caller, options: Any, problem: str) -> None:
    with Server(respond()) as server:
        create = caller.client(server.url).schedules.create
        with pytest.raises(InvalidArgumentError, match=problem):
            caller(create, **{"workflow": "w", "recipients": ["u1"], **options})
        assert not server.requests


@pytest.mark.parametrize("settings", [{}, {"http_client": "httpx"}], ids=["engine", "httpx"])
@pytest.mark.parametrize(
    "body",
    [gzip.compress(USER[:9]) + gzip.compress(USER[9:]), gzip.compress(b"\xef\xbb\xbf" + USER) + bytes(9)],
    ids=["members", "mark and zero bytes"],
)
def test_gzip_of_several_members_is_read(caller: Caller, body: bytes, settings: dict[str, Any]) -> None:
    with Server(respond(body=body, content_encoding="gzip")) as server:
        assert caller(caller.client(server.url, **settings).users.get, "u1").id == "u1"
        assert len(server.requests) == 1
