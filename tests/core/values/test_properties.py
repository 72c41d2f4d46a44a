"""Properties that hold for every input: ids, bodies, responses and secrets."""

from __future__ import annotations

import json
import logging
import pickle
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knock_sdk import types as t
from knock_sdk._core.logs import log_response, log_sent
from knock_sdk._core.requests import operations
from knock_sdk._core.requests.operation import Operation
from knock_sdk.errors import InvalidArgumentError, KnockError

from ..support import KEY, TOKEN, get_user, make_config, make_response, read, send, trigger

WITH_IDS = [value for value in vars(operations).values() if isinstance(value, Operation) and "{" in value.path]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=20)
@pytest.mark.parametrize("operation", WITH_IDS, ids=lambda operation: operation.name)
@given(st.data())
def test_ids_stay_in_their_segments(operation: Operation, data: st.DataObject) -> None:
    ids = tuple(data.draw(st.text(max_size=40)) for _ in range(operation.path.count("{")))
    body = {} if operation.method in ("POST", "PUT") else None
    try:
        target = send(operation, path=ids, body=body).target
    except InvalidArgumentError:
        assert any(value in ("", ".", "..") or not _encodable(value) for value in ids)
        return
    template, sent = operation.path.split("/"), target.split("/")
    assert len(sent) == len(template)
    given_ids = iter(ids)
    for expected, segment in zip(template, sent, strict=True):
        assert unquote(segment, errors="strict") == (next(given_ids) if expected.startswith("{") else expected)


def _encodable(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


@settings(max_examples=500)
@given(st.dictionaries(st.text(max_size=8), JSON, max_size=5))
def test_a_body_is_encoded_to_the_same_data_or_rejected(data: dict[str, Any]) -> None:
    try:
        body = trigger(body={"recipients": ["u1"], "data": data}).body
    except InvalidArgumentError as error:
        assert error.argument == "data"  # noqa: PT017 (both outcomes are valid)
        assert "\\ud" in json.dumps(data)
    else:
        assert json.loads(body) == {"recipients": ["u1"], "data": data}


@settings(max_examples=1000)
@given(st.sampled_from([t.User, t.ListUsersResponse, list[t.Message], object, type(None)]), st.binary() | JSON)
def test_any_response_is_decoded_or_raises_a_knock_error(expected: Any, body: Any) -> None:
    try:
        value = read(expected, body)
    except KnockError as error:
        assert len(str(error)) <= 2048  # noqa: PT017 (both outcomes are valid)
    else:
        if expected in (t.User, t.ListUsersResponse):
            assert isinstance(value, expected)
            assert value.model_fields_set & set(expected.model_fields)


@settings(max_examples=500)
@given(
    st.sampled_from([200, 204, 301, 400, 401, 403, 404, 422, 429, 500, 503]),
    st.text(max_size=30),
    st.sampled_from([KEY, TOKEN]),
    st.text(max_size=30),
    st.sampled_from(["plain", "message", "code", "key", "errors", "nested"]),
)
def test_logs_and_errors_show_no_secret(status: int, before: str, secret: str, after: str, shape: str) -> None:
    text = before + secret + after
    body: Any = {
        "plain": text.encode("utf-8", "replace"),
        "message": {"message": text},
        "code": {"code": text, "type": text},
        "key": {text: 1},
        "errors": {"errors": [{"field": text, "message": text}]},
        "nested": {"message": "m", "data": [{"deep": text}]},
    }[shape]
    shown: list[str] = []
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    config = make_config(user_token=TOKEN)
    response = make_response(status, content, {"x-request-id": f"r-{secret}", "server": secret})
    records = _Records()
    logger = logging.getLogger("knock_sdk")
    level = logger.level
    logger.addHandler(records)
    logger.setLevel(logging.DEBUG)
    try:
        outgoing = get_user(config)
        log_sent(outgoing, 1)
        log_response(outgoing, response, 1, 0.1)
    finally:
        logger.removeHandler(records)
        logger.setLevel(level)
    shown += records.lines
    try:
        read(t.User, content, status=status, user_token=TOKEN)
    except KnockError as error:
        shown += [str(error), repr(error), repr(vars(error)), pickle.dumps(error).decode("latin-1")]
    assert shown
    for line in shown:
        assert secret not in line


class _Records(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())
