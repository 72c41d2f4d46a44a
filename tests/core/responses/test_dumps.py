"""Dumps, copies, pickles and comparisons of what was read, also where fields are missing or of another type."""

from __future__ import annotations

import copy
import json
import pickle
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from knock_sdk import types as t
from knock_sdk._core.responses.lenient import build
from tests.support.paths import DATA
from tests.support.server import Server, respond
from tests.support.sides import both
from tests.support.subjects import ours

if TYPE_CHECKING:
    from collections.abc import Iterator

FILES = sorted(path for path in DATA.glob("*.json") if hasattr(t, path.stem.split(".")[0]))
MISSING = object()
OTHERS = (MISSING, "text", 5, [None], {"a": 1})
GAPPED = {"id": "m1", "__typename": "Message", "status": "sent", "source": "workflow"}


def read(schema: Any, body: Any) -> Any:
    """Read a response as the client does."""
    try:
        return TypeAdapter(schema).validate_json(json.dumps(body))
    except ValidationError:
        return build(schema, body)


def places(body: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of each value, of lists only the first element's."""
    inner = body.items() if isinstance(body, dict) else enumerate(body[:1]) if isinstance(body, list) else ()
    for key, value in inner:
        yield (*path, key)
        yield from places(value, (*path, key))


def changed(body: Any, path: tuple[Any, ...], other: object) -> Any:
    """Return a body with one value replaced or missing."""
    result = holder = copy.deepcopy(body)
    for key in path[:-1]:
        holder = holder[key]
    if other is MISSING:
        del holder[path[-1]]
    else:
        holder[path[-1]] = other
    return result


def same(dumped: Any, sent: Any) -> bool:
    """Compare JSON; a time may be written in another way."""
    if isinstance(dumped, dict) and isinstance(sent, dict):
        return dumped.keys() == sent.keys() and all(same(dumped[key], sent[key]) for key in sent)
    if isinstance(dumped, list) and isinstance(sent, list):
        return len(dumped) == len(sent) and all(map(same, dumped, sent))
    return bool(dumped == sent) or (isinstance(dumped, str) and dumped[-1:] == "Z")


def assert_works(value: Any, sent: Any) -> None:
    if not isinstance(value, BaseModel):
        if isinstance(value, list) and isinstance(sent, list):
            for element, raw in zip(value, sent, strict=True):
                assert_works(element, raw)
        else:
            assert value == sent
        return
    dumped = value.model_dump(mode="json")
    assert same(dumped, sent)
    assert json.loads(value.model_dump_json()) == dumped
    assert TypeAdapter(Any).dump_python(value, mode="json") == dumped
    assert value.model_dump().keys() == dumped.keys()
    for copied in (value.model_copy(), pickle.loads(pickle.dumps(value))):
        assert copied == value
        assert copied.model_dump(mode="json") == dumped
        assert copied.model_fields_set == value.model_fields_set
    assert repr(value).startswith(type(value).__name__)


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_whatever_was_read_can_be_dumped(file: Any) -> None:
    schema = getattr(t, file.stem.split(".")[0])
    body = json.loads(file.read_bytes())
    assert_works(read(schema, body), body)
    for path in places(body):
        for other in OTHERS:
            sent = changed(body, path, other)
            assert_works(read(schema, sent), sent)


def test_both_clients_dump_a_response_with_gaps() -> None:
    with Server(respond(json=GAPPED)) as server, both(ours(), server.url) as sides:
        for side in sides:
            message = side.run(lambda client: client.messages.get("m1"))
            assert type(message) is t.Message
            assert message.model_dump() == GAPPED
            assert json.loads(message.model_dump_json()) == GAPPED


def gapped() -> t.ListMessagesResponse:
    """Return a model with gaps that contains others."""
    page = {"__typename": "PageInfo", "page_size": "many", "after": None}
    response: t.ListMessagesResponse = build(t.ListMessagesResponse, {"items": [GAPPED], "page_info": page})
    assert type(response.page_info) is t.PageInfo
    assert type(response.items[0]) is t.Message
    return response


def test_the_arguments_of_a_dump_apply_to_a_model_with_gaps() -> None:
    response = gapped()
    page = {"__typename": "PageInfo", "page_size": "many", "after": None}
    assert response.model_dump() == {"items": [GAPPED], "page_info": page}
    assert response.model_dump(include={"page_info"}) == {"page_info": page}
    assert response.model_dump(include={"page_info": {"page_size"}}) == {"page_info": {"page_size": "many"}}
    assert response.model_dump(exclude={"items": True, "page_info": {"typename"}}) == {
        "page_info": {"page_size": "many", "after": None}
    }
    for flag in ("exclude_none", "exclude_defaults"):
        assert response.model_dump(include={"page_info"}, **{flag: True}) == {
            "page_info": {"__typename": "PageInfo", "page_size": "many"}
        }
    assert response.model_dump(include={"page_info"}, by_alias=False)["page_info"].keys() == {
        *("typename", "page_size", "after")
    }


def test_a_changed_copy_of_a_model_with_gaps_is_dumped() -> None:
    assert gapped().model_copy(update={"items": []}).model_dump()["items"] == []


def test_models_with_gaps_are_compared_by_their_values() -> None:
    assert gapped() == gapped() == copy.deepcopy(gapped())
    assert gapped() != gapped().model_copy(update={"items": []})
    assert gapped() != t.ListMessagesResponse.model_construct(items=[])
