"""Snapshots: taking and restoring them, and saving them in files."""

from __future__ import annotations

import json
import os
import pickle
import re
import sys
from datetime import timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import testing
from knock_sdk.testing import (
    Agent,
    Arm,
    Batch,
    Branch,
    ChannelRule,
    Cohort,
    CohortArm,
    Delay,
    Fetch,
    Guide,
    Send,
    SendWindow,
    Simulator,
    Snapshot,
    SnapshotError,
    Throttle,
    TriggerWorkflow,
    UpdateAudience,
    UpdateData,
    UpdateObject,
    UpdateTenant,
    UpdateUser,
    Wait,
)
from knock_sdk.testing.snapshots.snapshot import VERSION
from knock_sdk.testing.snapshots.tags import CLASSES
from tests.simulator.support.pair import http
from tests.support.signing_keys import PUBLIC

if TYPE_CHECKING:
    from collections.abc import Callable

STORED = Path(__file__).parent / f"state-{VERSION}"
ANA = {"id": "ana", "email": "ana@x.example", "nested": {"deep": [1, {"x": None}]}}


ALL_STEPS: list[Any] = [
    Branch([Arm([Fetch("https://x.example")], [{"variable": "data.x", "operator": "not_exists"}]), Arm()]),
    Cohort([CohortArm("A", 50, [UpdateData({"y": 1})]), CohortArm("B", 50)]),
    Agent("Say hello"),
    UpdateUser({"seen": "{{ data.y }}"}),
    UpdateTenant({"name": "Acme"}),
    UpdateObject("projects", "p2", {"n": 1}),
    UpdateAudience("vip"),
    TriggerWorkflow("now"),
    Guide("tour"),
    Send("in_app_feed", windows=[SendWindow("monday", "10:00", "11:00")]),
    Wait({"event_type": "recipient"}, timedelta(days=1)),
    Send("email"),
]


def through_bytes(snapshot: Snapshot) -> Snapshot:
    return Snapshot.from_bytes(snapshot.to_bytes())


def through_pickle(snapshot: Snapshot) -> Snapshot:
    again: Snapshot = pickle.loads(pickle.dumps(snapshot))
    return again


def find_state_classes() -> set[str]:
    """Return the names of the classes that the source passes to `world.of(...)` to store their instances."""
    code = "".join(path.read_text("utf-8") for path in Path(testing.__file__).parent.rglob("*.py"))
    return {name.rpartition(".")[2] for name in re.findall(r"world\.of\(([\w.]+)\)", code)} - {"kind"}


WAYS = pytest.mark.parametrize("way", [lambda snapshot: snapshot, through_bytes, through_pickle])


def fill(sim: Simulator) -> None:
    """Use every feature that stores state."""
    sim.channel("slack", type="chat")
    sim.workflow("now", channels=["in_app_feed", "email"], categories=["c"])
    sim.workflow("later", steps=[Delay(timedelta(hours=1)), Send("in_app_feed")])
    sim.workflow("gathered", steps=[Batch(timedelta(minutes=5)), Send("in_app_feed")])
    sim.workflow(
        "often", steps=[Throttle(timedelta(hours=1)), Send("in_app_feed")], trigger_frequency="once_per_recipient"
    )
    sim.workflow("full", steps=ALL_STEPS)
    sim.channel_group("texts", [ChannelRule("sms", "unless", {"variable": "data.x", "operator": "exists"}), "sms"])
    sim.workflow("lost", steps=[Fetch("https://x.example", ref="undeclared")])
    sim.http("http_fetch_1", {"x": 1})
    sim.cohort("random_cohort_1", "A")
    sim.agent("ai_agent_1", "Hello")
    sim.guide("tour", content={"title": "Hello"})
    sim.account_timezone = "Europe/Paris"
    sim.audience("vip", workflows=["now"])
    sim.audience("pro", segments=[{"conditions": [{"property": "plan", "operator": "equal_to", "argument": "pro"}]}])
    sim.slack("xoxb-1", channels=["general", {"name": "secret", "type": "private_channel"}])
    sim.ms_teams("4b1a9a8e-3c07-4c4b-9f0e-0d6d1b7f9c11", teams={"One": ["General"]})
    sim.feed_settings(branding_required=True)
    sim.preference_center(title="Yours")
    sim.set_variables({"app": "demo"})
    sim.layout("plain", "<html>{{ content }}</html>")
    sim.partial("card", "{{ title }}", fields=[{"key": "title", "type": "text"}])
    sim.translation("fr", {"hello": "Bonjour"}, namespace="emails", tenant="acme")
    sim.delivery("email", outcome="bounced", to="ben")
    sim.fail_bulk_operations("tenants.set")
    sim.webhook(lambda _, __: 503, ["message.read"])
    sim.signing_key = PUBLIC
    with sim.client(strict=True) as client:
        client.users.update("ana", email="ana@x.example", timezone="Europe/Berlin", properties={"plan": "pro"})
        client.users.set_preferences("ana", "default", categories={"c": {"channel_types": {"email": True}}})
        client.users.set_channel_data(
            "ana", sim.channel("slack").id, data={"connections": [{"access_token": "x", "channel_id": "C1"}]}
        )
        client.tenants.set("acme", name="Acme", settings={"branding": {"primary_color": "#fff"}})
        client.objects.set("projects", "p1", name="P1")
        client.objects.add_subscriptions("projects", "p1", recipients=["ana", {"id": "ben"}], properties={"role": "x"})
        client.audiences.add_members("vip", members=[{"user": {"id": "ana"}}], create_audience=True)
        for workflow in ("now", "later", "gathered"):
            client.workflows.trigger(
                workflow, recipients=[{"id": "p1", "collection": "projects"}], tenant="acme", idempotency_key=workflow
            )
        client.workflows.trigger("often", recipients=["ana"])
        client.workflows.trigger("full", recipients=["ana"], tenant="acme")
        client.workflows.trigger("lost", recipients=["ana"])
        client.workflows.trigger("later", recipients=["ana"], cancellation_key="c")
        client.schedules.create(workflow="now", recipients=["ana"], repeats=[{"frequency": "daily", "hours": 8}])
        client.messages.mark_as_read(sim.messages(to="ana")[0].id)
        client.users.bulk.identify(users=[{"id": "cleo"}])
        guides = sim.channel("in_app_guide").id
        (guide,) = client.users.guides.get_channel("ana", guides).entries
        client.users.guides.mark_message_as_seen(
            "ana", channel_id=guides, content={}, guide_id=guide.id, guide_key="tour", guide_step_ref=guide.steps[0].ref
        )
        sim.click(sim.messages(to="ana")[0], "https://x.example")
        sim.rate_limits = True
        client.users.get("ana")


def read_lists(sim: Simulator) -> Any:
    """Return the responses of all lists, now and after two days."""
    sim.rate_limits = False
    shown: list[Any] = []
    for _ in range(2):
        for target in (
            "/v1/users?include[]=preferences",
            "/v1/objects/projects",
            "/v1/objects/projects/p1/subscriptions",
            "/v1/tenants",
            "/v1/audiences/vip/members",
            "/v1/messages",
            "/v1/schedules?workflow=now",
            "/v1/workflow_recipient_runs",
            f"/v1/users/ana/channel_data/{sim.channel('slack').id}",
            f"/v1/users/ana/guides/{sim.channel('in_app_guide').id}",
            f"/v1/users/ana/feeds/{sim.channel('in_app_feed').id}",
        ):
            response, body = http(sim, "GET", target)
            assert response.status == 200, (target, body)
            shown.append(body)
        sim.advance(hours=48)
    shown.append([skip._asdict() for skip in sim.skips()])
    shown.append(sim.signing_key)
    return shown


def test_the_filled_simulator_has_every_class_of_state(sim: Simulator) -> None:
    fill(sim)
    assert {kind.__name__ for kind in sim._world._parts} == find_state_classes()


@WAYS
def test_a_restored_snapshot_equals_the_saved_one(sim: Simulator, way: Callable[[Snapshot], Snapshot]) -> None:
    fill(sim)
    snapshot = way(sim.snapshot())
    first = read_lists(sim)
    assert len(sim.messages(workflow="now")) > 6  # the schedule continued
    other = Simulator(seed=9)
    other.restore(snapshot)
    assert other.rate_limits
    assert other.signing_key == PUBLIC
    assert read_lists(other) == first
    sim.restore(snapshot)
    assert read_lists(sim) == first


@WAYS
def test_restored_states_are_independent(sim: Simulator, way: Callable[[Snapshot], Snapshot]) -> None:
    client = sim.client()
    client.users.update("ana", properties={"list": [1]})
    snapshot = way(sim.snapshot())
    others = [Simulator(), Simulator()]
    for name, other in zip(("one", "two"), others, strict=True):
        other.restore(snapshot)
        other.client().users.update("ana", name=name)
        other.client().workflows.trigger("w", recipients=["ana"])
        other.advance(hours=1)
    assert [other.client().users.get("ana").name for other in others] == ["one", "two"]
    assert client.users.get("ana").name is None
    sim.restore(snapshot)
    assert (len(sim.messages()), client.users.get("ana").name) == (0, None)


def test_a_client_uses_the_restored_state(knock: Any, sim: Simulator) -> None:
    empty = sim.snapshot()
    run = knock.workflows.trigger("w", recipients=[ANA], idempotency_key="k")
    full = sim.snapshot()
    sim.restore(empty)
    assert sim.messages() == sim.requests == sim.triggers == []
    assert knock.workflows.trigger("w", recipients=[ANA], idempotency_key="k") == run  # the same ids as the first time
    sim.restore(full)
    assert knock.workflows.trigger("w", recipients=[ANA], idempotency_key="k").response_info.replayed
    assert len(sim.requests) == 2


def test_restoring_a_snapshot_ends_faults(sim: Simulator) -> None:
    snapshot = sim.snapshot()
    sim.fail(next=None)
    sim.restore(snapshot)
    assert http(sim, "GET", "/v1/users")[0].status == 200


def test_shared_data_is_written_once_and_stays_shared(sim: Simulator) -> None:
    sim.client().workflows.trigger(
        "w", recipients=[{"id": f"u{number}"} for number in range(50)], data={"x": "y" * 999}
    )
    written = sim.snapshot().to_bytes()
    assert written.count(b"y" * 999) == 1 + 2 * 50  # once as data, and in the two texts of each message
    runs = list(Snapshot.from_bytes(written).world().runs.values())
    assert len({id(run.trigger) for run in runs}) == len({id(run.data) for run in runs}) == 1


def test_no_key_is_written(sim: Simulator) -> None:
    with sim.client(api_key="sk_canary", user_token="ut_canary") as client:
        sim.rate_limits = True
        client.workflows.trigger("w", recipients=["ana"])
    assert b"canary" not in sim.snapshot().to_bytes()
    assert "canary" not in repr(sim.snapshot())
    assert through_bytes(sim.snapshot()).requests() == []
    assert len(sim.snapshot().requests()) == 1


def test_a_saved_file_loads_to_an_equal_state(sim: Simulator, tmp_path: Path) -> None:
    fill(sim)
    path = tmp_path / "state"
    sim.save(path)
    sim.save(str(path))
    assert list(tmp_path.iterdir()) == [path]
    loaded = Simulator.load(path)
    assert type(loaded) is Simulator
    assert read_lists(loaded) == read_lists(sim)


def test_a_file_is_replaced_atomically(sim: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "state"
    sim.save(path)
    before = path.read_bytes()
    sim.client().users.update("ana")
    for broken in ("os.fsync", "os.replace"):
        with monkeypatch.context() as patched:

            def fail(*_: object) -> None:
                raise OSError(28, "No space left on device")

            patched.setattr(broken, fail)
            if broken == "os.replace":
                patched.setattr("pathlib.Path.replace", fail)
            with pytest.raises(OSError, match="No space"):
                sim.save(path)
        assert path.read_bytes() == before
        assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(FileNotFoundError):
        sim.save(tmp_path / "no" / "state")
    sim.save(path)
    assert path.read_bytes() != before


def test_a_failed_save_leaves_the_file_unchanged(sim: Simulator, tmp_path: Path) -> None:
    path = tmp_path / "state"
    sim.save(path)
    before = path.read_bytes()
    sim.set_variables({"odd": object()})
    with pytest.raises(TypeError, match=r"builtins\.object cannot be saved"):
        sim.save(path)
    assert path.read_bytes() == before


def test_saving_to_a_symlink_writes_its_target(sim: Simulator, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "real" / "state")
    sim.save(link)
    assert link.is_symlink()
    assert Simulator.load(tmp_path / "real" / "state").now == sim.now


def test_truncated_and_changed_files_are_rejected(sim: Simulator, tmp_path: Path) -> None:
    sim.client().users.update("ana")
    written = sim.snapshot().to_bytes()
    path = tmp_path / "state"
    for length in range(0, len(written) - 1, 97):
        path.write_bytes(written[:length])
        with pytest.raises(SnapshotError, match=r"state: .*(not a saved|version|damaged)"):
            Simulator.load(path)
    for position in range(0, len(written) - 1, 97):
        changed = bytearray(written)
        changed[position] ^= 1
        with pytest.raises(SnapshotError):
            Snapshot.from_bytes(bytes(changed))


@pytest.mark.parametrize(
    "foreign", [b"", b"{}", b"\x80\x05.", b"PK\x03\x04", b"x" * 1000, b"\n\n", pickle.dumps(os.system), b"a\nb"]
)
def test_files_that_are_not_a_saved_state_are_rejected(sim: Simulator, tmp_path: Path, foreign: bytes) -> None:
    path = tmp_path / "foreign"
    path.write_bytes(foreign)
    with pytest.raises(SnapshotError, match="not a saved simulator state"):
        Simulator.load(path)
    with pytest.raises(FileNotFoundError):
        Simulator.load(tmp_path / "nothing")


def test_other_versions_are_rejected(sim: Simulator) -> None:
    magic, rest = b"knock_sdk simulator state ", sim.snapshot().to_bytes().partition(b"state %d " % VERSION)[2]
    assert Snapshot.from_bytes(b"%s%d %s" % (magic, VERSION, rest))
    for other in (VERSION - 1, VERSION + 1):
        with pytest.raises(SnapshotError, match=f"version {other}, .* reads version {VERSION}: delete the file"):
            Snapshot.from_bytes(b"%s%d %s" % (magic, other, rest))


def list_classes(saved: bytes) -> dict[str, set[str]]:
    """Return the classes in a saved state: the names of their attributes by tag."""
    classes: dict[str, set[str]] = {}
    for tag, *names in json.loads(saved.partition(b"\n")[2])["shapes"]:
        classes.setdefault(tag, set()).update(names)
    return classes


def test_a_file_of_this_version_still_loads(sim: Simulator) -> None:
    """When this fails, raise `VERSION` and write the file of the new version with `sim.save(STORED)`."""
    fill(sim)
    built_in = {"dict", "int", "list", "set", "str"}
    stored = STORED.read_bytes()
    assert list_classes(stored).keys() == CLASSES.keys() - built_in
    assert list_classes(stored) == list_classes(sim.snapshot().to_bytes())
    assert read_lists(Simulator.load(STORED)) == read_lists(sim)


def forge(value: object) -> bytes:
    """Return a saved state with a value and a valid checksum."""
    body = json.dumps(value).encode()
    return b"knock_sdk simulator state %d %s\n%s\n" % (VERSION, sha256(body).hexdigest().encode(), body)


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"shapes": [], "value": None},
        {"shapes": [], "value": {"a": 1}},
        {"shapes": [["os", "system"]], "value": ["object", 0]},
        {"shapes": [["", "eval"]], "value": ["object", 0]},
        {"shapes": [["snapshot"]], "value": ["object", 0]},
        {"shapes": [["int"]], "value": ["object", 0]},
        {"shapes": [["message"]], "value": ["tuple of", 0]},
        {"shapes": [["world", "clock"]], "value": ["object", 0]},
        {"shapes": [["world"]], "value": ["object", 0, 1]},
        {"shapes": [["world"]], "value": ["tuple of", 0]},
        {"shapes": [["world"]], "value": ["#", 7]},
        {"shapes": [], "value": ["class", "os.system"]},
        {"shapes": [], "value": ["defaultdict", "exec"]},
        {"shapes": [], "value": ["run", "rm"]},
        {"shapes": [], "value": ["datetime", "never", 0]},
        {"shapes": [], "value": ["zone", "../../etc/passwd"]},
        {"shapes": [], "value": ["random", [3, [1], None]]},
        {"shapes": [], "value": ["timedelta", 1e300]},
        {"shapes": [], "value": ["dict", 1]},
    ],
)
def test_a_forged_state_is_rejected_and_runs_nothing(sim: Simulator, value: object) -> None:
    with pytest.raises(SnapshotError):
        Snapshot.from_bytes(forge(value))
    assert http(sim, "GET", "/v1/users")[0].status == 200


def test_deeply_nested_state_is_rejected() -> None:
    body = b'{"shapes":[],"value":' + b'["list",' * 100_000 + b"1" + b"]" * 100_000 + b"}"
    with pytest.raises(SnapshotError):
        Snapshot.from_bytes(
            b"knock_sdk simulator state %d %s\n%s\n" % (VERSION, sha256(body).hexdigest().encode(), body)
        )


def test_work_grows_with_the_state() -> None:
    def calls(users: int) -> int:
        sim = Simulator()
        for start in range(0, users, 1000):
            rows = [{"id": f"u{number}", "email": "u@x.example"} for number in range(start, start + 1000)]
            http(sim, "POST", "/v1/users/bulk/identify", {"users": rows})
        made = count()
        before = sys.getprofile()
        sys.setprofile(lambda *_: next(made))
        try:
            through_bytes(sim.snapshot())
        finally:
            sys.setprofile(before)
        return next(made)

    assert calls(8000) < 8 * 1.1 * calls(1000)
