"""Errors: their classes and messages, and that they survive pickling, copying and a process pool."""

from __future__ import annotations

import copy
import json
import multiprocessing
import pickle
import re
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING, Any, get_args

import pytest

from knock_sdk import errors
from knock_sdk.errors import (
    ADVICE,
    STATUS_ERRORS,
    APIConnectionError,
    APIResponseValidationError,
    APIStatusError,
    ConfigurationError,
    ErrorCode,
    FieldError,
    InvalidArgumentError,
    KnockError,
    PaginationError,
    one_line,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REQUEST: dict[str, Any] = {"method": "POST", "path": "/v1/users/{user_id}/merge", "attempts": 2}


def tree(root: type[KnockError]) -> Iterator[type[KnockError]]:
    yield root
    for child in root.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from tree(child)


CLASSES = list(tree(KnockError))


def make(kind: type[KnockError]) -> KnockError:
    """Return an error of a class, with a value for every attribute."""
    if issubclass(kind, APIStatusError):
        return kind(
            "is refused",
            status_code=422,
            code="invalid_params",
            type="invalid_request_error",
            errors=[FieldError("name", "is too long", "length")],
            request_id="r1",
            headers={"x-request-id": "r1"},
            body={"errors": [{"field": "name"}]},
            retry_after=1.5,
            idempotency_key="k1",
            **REQUEST,
        )
    if issubclass(kind, APIResponseValidationError):
        return kind("is not JSON", status_code=200, request_id="r1", start=b"<html>", **REQUEST)
    if issubclass(kind, APIConnectionError):
        return kind("reset", sent=True, idempotency_key="k1", **REQUEST)
    if issubclass(kind, PaginationError):
        return kind("the server repeats a cursor", "c1")
    if issubclass(kind, InvalidArgumentError):
        return kind("recipients", "takes a list")
    return kind("what happened")


def test_the_classes_form_the_tree_in_the_docstring() -> None:
    drawn: dict[str, str] = {}
    above: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        if found := re.match(r"    ([│├└─ ]*)(\w+Error)\b", line):
            depth = len(found[1]) // 4
            above[depth:] = [found[2]]
            drawn[found[2]] = above[depth - 1] if depth else "Exception"
    assert drawn == {kind.__name__: kind.__bases__[0].__name__ for kind in CLASSES}
    assert set(drawn) | {"ErrorCode", "FieldError"} == set(errors.__all__)


def test_the_classes_have_the_statuses_in_the_docstring() -> None:
    drawn = {int(number): name for name, number in re.findall(r"(\w+Error) +(\d{3})\b(?! and)", errors.__doc__ or "")}
    assert drawn == {status: kind.__name__ for status, kind in STATUS_ERRORS.items()}
    assert all((kind.__doc__ or "").startswith(f"{status}: ") for status, kind in STATUS_ERRORS.items())


def test_errors_of_settings_and_arguments_are_value_errors() -> None:
    assert {kind for kind in CLASSES if issubclass(kind, ValueError)} == {ConfigurationError, InvalidArgumentError}


def test_every_documented_code_has_advice() -> None:
    assert set(ADVICE) == set(get_args(ErrorCode))
    for code, advice in ADVICE.items():
        error = APIStatusError("m", status_code=400, code=code, method="GET", path="/v1/x")
        assert str(error) == f"400 {code}: m. {advice} (GET /v1/x; request id unknown)"
        assert advice[0].isupper()
        assert not advice.endswith(".")
    assert str(APIStatusError("m", status_code=400, code="new_code", method="GET", path="/")).startswith(
        "400 new_code: m ("
    )


@pytest.mark.parametrize("kind", CLASSES)
def test_attributes_are_documented(kind: type[KnockError]) -> None:
    described = "\n".join(base.__doc__ or "" for base in kind.__mro__ if issubclass(base, KnockError))
    for name in vars(make(kind)):
        assert re.search(rf"^ +{name}: ", described, re.MULTILINE)


def assert_same(made: BaseException, kind: type[KnockError]) -> None:
    original = make(kind)
    assert type(made) is kind
    assert str(made) == str(original)
    assert repr(made) == repr(original)
    assert made.args == original.args
    assert vars(made) == vars(original)


@pytest.mark.parametrize("kind", CLASSES)
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_an_error_can_be_pickled(kind: type[KnockError], protocol: int) -> None:
    assert_same(pickle.loads(pickle.dumps(make(kind), protocol)), kind)


@pytest.mark.parametrize("kind", CLASSES)
@pytest.mark.parametrize("copier", [copy.copy, copy.deepcopy])
def test_an_error_can_be_copied(kind: type[KnockError], copier: Callable[[KnockError], KnockError]) -> None:
    assert_same(copier(make(kind)), kind)


def test_a_deep_copy_is_independent() -> None:
    original = make(APIStatusError)
    assert isinstance(original, APIStatusError)
    made = copy.deepcopy(original)
    made.body["errors"].clear()
    assert original.body == {"errors": [{"field": "name"}]}


def test_notes_and_added_attributes_survive_pickling() -> None:
    error: Any = make(APIStatusError)
    error.seen_by = "me"
    error.__notes__ = ["while importing"]
    made: Any = pickle.loads(pickle.dumps(error))
    assert (made.seen_by, made.__notes__) == ("me", ["while importing"])


def test_a_subclass_of_the_caller_survives_pickling() -> None:
    made = pickle.loads(pickle.dumps(OwnError("it broke", 7)))
    assert (type(made), str(made), made.number) == (OwnError, "it broke", 7)


class OwnError(KnockError):
    def __init__(self, text: str, number: int) -> None:
        super().__init__(text)
        self.number = number


def raise_error(name: str) -> None:
    raise make(getattr(errors, name))


def test_an_error_can_cross_a_process_pool() -> None:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        futures = {kind: pool.submit(raise_error, kind.__name__) for kind in CLASSES}
        for kind, future in futures.items():
            error = future.exception(timeout=60)
            assert error is not None
            assert_same(error, kind)


@pytest.mark.parametrize("kind", CLASSES)
def test_every_error_is_caught_as_a_knock_error(kind: type[KnockError]) -> None:
    with pytest.raises(KnockError) as caught:
        raise make(kind)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("kind", CLASSES)
def test_an_error_can_be_rebuilt_from_its_text(kind: type[KnockError]) -> None:
    original = make(kind)
    args = json.loads(json.dumps(original.args))
    made = type(original)(*args)
    assert (type(made), str(made), made.args, set(vars(made))) == (
        kind,
        str(original),
        tuple(args),
        set(vars(original)),
    )
    for name in ("status_code", "code", "sent", "argument"):
        if hasattr(original, name) and not isinstance(original, APIResponseValidationError):
            assert getattr(made, name) == getattr(original, name)
    again = pickle.loads(pickle.dumps(type(made)(*made.args)))
    assert (type(again), str(again), vars(again)) == (kind, str(original), vars(made))


def test_a_request_that_was_not_sent_is_not_sent_either_when_its_error_is_rebuilt() -> None:
    original = APIConnectionError("refused", method="GET", path="/", sent=False, attempts=3)
    assert str(original) == "GET /: refused (request not sent; 3 attempts)"
    assert APIConnectionError(*original.args).sent is False


@pytest.mark.parametrize("text", ["", "broken", "12 a", "1234: a", "²²²: a", " 404: a"])
def test_a_status_error_from_another_text_has_no_status(text: str) -> None:
    error = APIStatusError(text)
    assert (str(error), error.status_code, error.code) == (text, 0, None)


@pytest.mark.parametrize("kind", CLASSES)
def test_celery_stores_an_error_as_json(kind: type[KnockError]) -> None:
    from celery import Celery

    backend = Celery(backend="cache+memory://", set_as_current=False, result_serializer="json").backend
    stored = json.loads(json.dumps(backend.prepare_exception(make(kind), "json")))
    made = backend.exception_to_python(stored)
    assert (type(made), str(made)) == (kind, str(make(kind)))


@pytest.mark.parametrize(
    ("message", "fields", "code", "text"),
    [
        ("It is missing.", [], None, "It is missing"),
        ("It is missing", [], None, "It is missing"),
        ("Is it missing?", [], None, "Is it missing?"),
        ("It is missing!", [], None, "It is missing!"),
        ("It is missing...", [], None, "It is missing..."),
        (".", [], None, "."),
        ("It is missing.", [], "actor_missing", "It is missing. {advice}"),
        ("It is missing", [], "actor_missing", "It is missing. {advice}"),
        ("It is missing:", [], "actor_missing", "It is missing. {advice}"),
        ("Is it missing?", [], "actor_missing", "Is it missing? {advice}"),
        ("It is missing!", [], "actor_missing", "It is missing! {advice}"),
        ("It is missing…", [], "actor_missing", "It is missing… {advice}"),
        ("", [], "actor_missing", "{advice}"),
        ("It is wrong.", [("a", "is short."), ("b", None)], None, "It is wrong: a is short; b is invalid"),
        ("It is wrong", [("a", "is short")], "actor_missing", "It is wrong: a is short. {advice}"),
        ("Is it wrong?", [("a", "is it?")], "actor_missing", "Is it wrong? a is it? {advice}"),
    ],
)
def test_a_message_is_a_sentence_and_then_advice(
    message: str, fields: list[tuple[str, str | None]], code: str | None, text: str
) -> None:
    errors_ = [FieldError(name, problem, None) for name, problem in fields]
    error = APIStatusError(message, status_code=422, code=code, errors=errors_, method="GET", path="/")
    start = f"422 {code}: " if code else "422: "
    expected = start + text.format(advice=ADVICE["actor_missing"])
    assert str(error) == f"{expected} (GET /; request id unknown)"
    assert error.message == message


def test_a_problem_with_a_full_stop_is_part_of_a_sentence() -> None:
    error: KnockError = APIConnectionError("It broke.", method="GET", path="/", sent=True, attempts=1)
    assert str(error) == "GET /: It broke (request may have been received; 1 attempt)"
    request: dict[str, Any] = {"method": "GET", "path": "/", "attempts": 1}
    error = APIResponseValidationError("is odd.", status_code=200, request_id="r", start=b"", **request)
    assert "but its response is odd (request id r;" in str(error)


def test_messages_are_one_line_and_bounded() -> None:
    long = "y" * 100_000 + "\n\x1b[0m"
    request = {"method": "GET", "path": "/v1/" + long, "attempts": 1}
    made = [
        APIStatusError(
            long, status_code=500, code=long, errors=[FieldError(long, long, long)] * 9, request_id=long, **request
        ),
        APIResponseValidationError(long, status_code=200, request_id=long, start=long.encode(), **request),
        APIConnectionError(long, sent=True, **request),
        PaginationError("repeated", long),
        InvalidArgumentError(long, "is refused"),
    ]
    for error in made:
        assert len(str(error)) < 2048
        assert str(error).isprintable()


@pytest.mark.parametrize(
    ("text", "limit", "folded"),
    [
        ("", 10, ""),
        ("  a\n\tb\r\n c\u2028d  ", 20, "a b c d"),
        ("abcdefghij", 10, "abcdefghij"),
        ("abcdefghijk", 10, "abcdefghi…"),
        ("a\x00b\x1b[31m\x7f", 20, "a\ufffdb\ufffd[31m\ufffd"),
        ("\ud800x\u202e", 20, "\ufffdx\ufffd"),
        ("Zoë ☕ 中文 \U0001f600", 20, "Zoë ☕ 中文 \U0001f600"),
        (" " * 100 + "late", 10, ""),
    ],
    ids=ascii,
)
def test_one_line_folds_whitespace_and_truncates(text: str, limit: int, folded: str) -> None:
    assert one_line(text, limit) == folded
