"""What an error of a request means: for its items, for all of them, or for the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic_core import to_json

from knock_sdk import (
    AuthenticationError,
    InternalServerError,
    KnockError,
    NotFoundError,
    PermissionDeniedError,
    UnprocessableEntityError,
)

from .conftest import client_of
from .engines import API, Answering, operation, refusal, reply

if TYPE_CHECKING:
    from pathlib import Path

    from knock_sdk.testing import Simulator
    from tests.wire.caller import Caller

USERS = [{"id": f"u{number}"} for number in range(2500)]
TRIGGERS = [{"key": "digest", "recipients": [f"u{number}"]} for number in range(200)]


def schedule(number: int) -> dict[str, str]:
    return {"workflow": "digest", "recipient": f"u{number}", "scheduled_at": "2030-01-01T00:00:00Z"}


SCHEDULES = [schedule(number) for number in range(2500)]
STOPPING = [
    (401, None, AuthenticationError),
    (403, None, PermissionDeniedError),
    (404, None, NotFoundError),
    (302, None, KnockError),
    (405, None, KnockError),
    (501, None, InternalServerError),
]


@pytest.mark.parametrize(("status", "code", "kind"), STOPPING, ids=[str(row[0]) for row in STOPPING])
def test_an_error_of_every_item_ends_the_job(  # noqa: PLR0917 (fixtures)
    caller: Caller, sim: Simulator, client: Any, status: int, code: str | None, kind: type[KnockError]
) -> None:
    sim.fail("users.bulk.identify", next=None, status=status, code=code)
    with pytest.raises(kind, match=rf"^{status} "):
        caller(client.users.bulk.identify_many, USERS)
    assert 1 <= len(sim.requests) <= 4


def test_a_missing_workflow_ends_trigger_many(caller: Caller, sim: Simulator, client: Any) -> None:
    sim.workflow("other", steps=[])
    with pytest.raises(NotFoundError, match="workflow_missing"):
        caller(client.workflows.trigger_many, "digest", recipients=[user["id"] for user in USERS])
    assert len(sim.requests) == 1


def test_a_missing_workflow_fails_one_of_trigger_each(caller: Caller, sim: Simulator, client: Any) -> None:
    sim.workflow("digest", steps=[])
    report = caller(client.workflows.trigger_each, [*TRIGGERS[:3], {"key": "other", "recipients": ["u"]}])
    assert (report.succeeded, report.failed) == (3, 1)
    (failure,) = report.failures
    assert (failure.index, failure.item) == (3, {"key": "other", "recipients": ["u"]})
    assert isinstance(failure.error, NotFoundError)


def test_a_missing_audience_ends_the_job(caller: Caller, sim: Simulator, client: Any) -> None:
    with pytest.raises(NotFoundError, match="audience 'beta'"):
        caller(client.audiences.add_members_many, "beta", ({"user": {"id": f"u{n}"}} for n in range(5000)))
    assert len(sim.requests) <= 16


def test_an_argument_of_all_requests_that_the_api_refuses_ends_the_job(
    caller: Caller, sim: Simulator, client: Any
) -> None:
    preferences: Any = {"workflows": {"digest": 5}}
    with pytest.raises(UnprocessableEntityError, match=r"preferences\.workflows\.digest"):
        caller(client.users.bulk.set_preferences_many, (user["id"] for user in USERS), preferences=preferences)
    assert len(sim.requests) == 1
    api = Answering(lambda _, __: refusal(422, "collection"))
    with pytest.raises(UnprocessableEntityError, match="collection is wrong"):
        caller(api.client(caller).objects.bulk.set_many, "Projects", USERS)
    assert len(api.sent) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_the_same_call_with_a_mended_key_goes_on(
    caller: Caller, sim: Simulator, client: Any, tmp_path: Path, status: int
) -> None:
    sim.fail(lambda request: request.operation == "bulkIdentifyUsers" and b'"u1000"' in request.body, status=status)
    with pytest.raises(KnockError, match=rf"^{status}"):
        caller(client.users.bulk.identify_many, USERS, journal=tmp_path / "j")
    mended = client_of(caller, sim, api_key="sk_test_another")
    report = caller(mended.users.bulk.identify_many, USERS, journal=tmp_path / "j")
    assert report.succeeded + report.already_done == 2500
    assert report.already_done in (0, 1000)
    assert len(sim.client().users.list(page_size=50).items) == 50


def test_what_was_refused_is_no_unknown_outcome(caller: Caller, sim: Simulator, client: Any, tmp_path: Path) -> None:
    """A schedule must not be created twice, but a request that was refused has created none."""
    sim.fail(lambda request: request.operation == "bulkCreateSchedules" and b'"u1000"' in request.body, status=401)
    with pytest.raises(AuthenticationError):
        caller(client.schedules.bulk.create_many, SCHEDULES, journal=tmp_path / "j")
    sim.advance(days=3)
    report = caller(client.schedules.bulk.create_many, SCHEDULES, journal=tmp_path / "j")
    assert (report.succeeded + report.already_done, report.unknown) == (2500, 0)
    carried_out = [each for each in sim.requests if each.operation == "bulkCreateSchedules" and each.carried_out]
    assert [len(each.json["schedules"]) for each in carried_out] == [1000, 1000, 500]


def test_a_refused_trigger_is_sent_again_after_days(
    caller: Caller, sim: Simulator, client: Any, tmp_path: Path
) -> None:
    sim.fail("workflows.trigger", next=1, status=403)
    with pytest.raises(PermissionDeniedError):
        caller(client.workflows.trigger_each, TRIGGERS, journal=tmp_path / "j")
    sim.advance(days=3)
    report = caller(client.workflows.trigger_each, TRIGGERS, journal=tmp_path / "j")
    assert (report.succeeded + report.already_done, report.unknown) == (200, 0)
    assert len(sim.triggers) == 200


def test_items_that_the_api_names_fail_without_another_request(caller: Caller, sim: Simulator, client: Any) -> None:
    users: list[dict[str, object]] = [*USERS[:5], {"id": "bad", "timezone": 5}, *USERS[5:10], {"id": "w", "email": 1}]
    report = caller(client.users.bulk.identify_many, users, wait=False)
    assert (report.succeeded, report.failed) == (10, 2)
    assert [failure.index for failure in report.failures] == [5, 11]
    first, second = report.failures
    assert first.item == {"id": "bad", "timezone": 5}
    assert isinstance(first.error, UnprocessableEntityError)
    # As in the item, which need not be the sixth of its request.
    assert "timezone must be a string or null" in str(first.error)
    assert "users.5" not in str(first.error)
    assert "email" not in str(first.error)
    assert "email" in str(second.error)
    assert [len(request.json["users"]) for request in sim.requests] == [12, 10]


@pytest.mark.parametrize("shape", ["users[{}].email", "users.{}.email", "/users/{}/email", "users.{}"])
def test_the_api_may_write_the_path_of_a_field_in_several_ways(caller: Caller, shape: str) -> None:
    def answer(path: str, content: Any) -> Any:
        places = [place for place, user in enumerate(content["users"]) if user["id"] == "u13"]
        return refusal(422, *[shape.format(place) for place in places]) if places else reply(200, operation("op"))

    api = Answering(answer)
    report = caller(api.client(caller).users.bulk.identify_many, USERS[:300], wait=False)
    assert (report.succeeded, [failure.index for failure in report.failures]) == (299, [13])
    assert len(api.sent) == 2


def test_a_large_item_is_found_by_halves(caller: Caller) -> None:
    def answer(_: str, content: Any) -> Any:
        return refusal(413) if {"id": "u700"} in content["users"] else reply(200, operation("op"))

    api = Answering(answer)
    report = caller(api.client(caller).users.bulk.identify_many, USERS[:1000], wait=False)
    assert (report.succeeded, [failure.index for failure in report.failures]) == (999, [700])
    assert len(api.sent) <= 21


@pytest.mark.parametrize("shape", ["users[{}].email is wrong", "users.{}.email is wrong"])
@pytest.mark.parametrize("fields", [True, False])
def test_a_message_names_the_place_in_the_input(caller: Caller, shape: str, fields: bool) -> None:
    """The place in a request is of no use; the API may name it in the text alone."""

    def answer(_: str, content: Any) -> Any:
        places = [place for place, user in enumerate(content["users"]) if user["id"] == "u1913"]
        if not places:
            return reply(200, operation("op"))
        errors = [{"field": f"users.{places[0]}.email", "message": "is wrong", "type": "t"}] if fields else []
        return reply(422, {"code": "c", "message": shape.format(places[0]), "errors": errors})

    report = caller(Answering(answer).client(caller).users.bulk.identify_many, USERS, wait=False)
    (failure,) = report.failures
    assert failure.index == 1913
    assert str(failure.error).startswith("422 c: users[1913].email is wrong")


def test_an_operation_with_an_id_that_cannot_be_looked_at(caller: Caller, tmp_path: Path) -> None:
    """It costs the outcome of its items, and not the job."""
    ids = iter(["", "op-2", "op-3"])

    def answer(path: str, _: Any) -> Any:
        return reply(200, operation("op", "completed") if "bulk_operations" in path else operation(next(ids)))

    client = Answering(answer).client(caller)
    report = caller(client.users.bulk.identify_many, USERS, journal=tmp_path / "j", concurrency=1)
    assert (report.succeeded, report.failed, report.unknown) == (1500, 0, 1000)
    assert "the API gave its bulk operation an id that cannot be looked at, ''" in str(
        next(iter(report.failures)).error
    )


def nested(levels: int) -> Any:
    return {"a": nested(levels - 1)} if levels else 1


@pytest.mark.parametrize("value", [nested(150), nested(220), 10**5000, -(10**9001) + 7], ids=type)
def test_items_that_are_hard_to_read_fail_alone(caller: Caller, tmp_path: Path, value: Any) -> None:
    """The JSON of pydantic-core can be nested more deeply, and have longer numbers, than it reads."""

    def answer(_: str, body: bytes) -> Any:
        return refusal(422) if b'"bad"' in body else reply(200, operation("op"))

    class Unread(API):
        def answer(self, target: str, headers: Any, body: bytes) -> Any:
            return answer(target, body)

    api = Unread()
    users = [{"id": "u0", "value": value}, {"id": "bad", "value": value}, {"id": "u2", "value": value}]
    report = caller(api.client(caller).users.bulk.identify_many, users, wait=False, journal=tmp_path / "j")
    (failure,) = report.failures
    assert (report.succeeded, failure.index, failure.item) == (2, 1, users[1])
    assert isinstance(failure.error, UnprocessableEntityError)
    assert to_json({"users": [users[2]]}) in [body for _, body in api.sent]


def test_every_item_may_be_wrong(caller: Caller) -> None:
    api = Answering(lambda _, content: refusal(422, *[f"users.{n}.x" for n in range(len(content["users"]))]))
    report = caller(api.client(caller).users.bulk.identify_many, USERS, wait=False)
    assert (report.succeeded, report.failed, len(api.sent)) == (0, 2500, 3)


def test_limited_messages_are_sent_again_a_second_later(caller: Caller, sim: Simulator, client: Any) -> None:
    sim.limit_batch(["m2", "m4"], next=2)
    sim.limit_batch(["m7"], next=1)
    before = sim.now
    report = caller(client.messages.batch.mark_as_read_many, [f"m{number}" for number in range(60)])
    assert (report.succeeded, report.failed) == (60, 0)
    ids = [request.json["message_ids"] for request in sim.requests]
    assert [len(each) for each in sorted(ids, key=len, reverse=True)[:2]] == [50, 10]
    assert ids.count(["m2", "m4"]) == 2
    assert ids.count(["m7"]) == 1 or ["m2", "m4"] in ids
    assert (sim.now - before).total_seconds() >= 2


def test_all_messages_of_a_batch_may_be_limited(caller: Caller, sim: Simulator, client: Any) -> None:
    sim.limit_batch(share=1, next=3)
    before = sim.now
    report = caller(client.messages.batch.archive_many, ["m1", "m2"])
    assert (report.succeeded, len(sim.requests)) == (2, 4)
    assert (sim.now - before).total_seconds() >= 3
