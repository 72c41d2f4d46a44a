"""Values on both ways over a socket: what is refused is not sent, and what a server may send is read."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import InvalidArgumentError
from tests.support.server import Server, respond

if TYPE_CHECKING:
    from .caller import Caller

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
