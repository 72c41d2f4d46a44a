"""The state put aside, brought back, and kept in files."""

from __future__ import annotations

import json
import os
import pickle
import re
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import testing
from knock_sdk.testing import Batch, Delay, Send, Simulator, Snapshot, SnapshotError, Throttle
from tests.simulator.support.pair import http

if TYPE_CHECKING:
    from collections.abc import Callable

ANA = {"id": "ana", "email": "ana@x.example", "nested": {"deep": [1, {"x": None}]}}


def through_bytes(snapshot: Snapshot) -> Snapshot:
    return Snapshot.from_bytes(snapshot.to_bytes())


def through_pickle(snapshot: Snapshot) -> Snapshot:
    again: Snapshot = pickle.loads(pickle.dumps(snapshot))
    return again


def parts_in_source() -> set[str]:
    """Return the names of the classes whose instances the state holds besides what `World` has."""
    code = "".join(path.read_text("utf-8") for path in Path(testing.__file__).parent.rglob("*.py"))
    return {name.rpartition(".")[2] for name in re.findall(r"world\.of\(([\w.]+)\)", code)} - {"kind"}


WAYS = pytest.mark.parametrize("way", [lambda snapshot: snapshot, through_bytes, through_pickle])


def fill(sim: Simulator) -> None:
    """Use everything that keeps a state of its own."""
    sim.channel("slack", type="chat")
    sim.workflow("now", channels=["in_app_feed", "email"], categories=["c"])
    sim.workflow("later", steps=[Delay(timedelta(hours=1)), Send("in_app_feed")])
    sim.workflow("gathered", steps=[Batch(timedelta(minutes=5)), Send("in_app_feed")])
    sim.workflow(
        "often", steps=[Throttle(timedelta(hours=1)), Send("in_app_feed")], trigger_frequency="once_per_recipient"
    )
    sim.guide("tour", content={"title": "Hello"})
    sim.account_timezone = "Europe/Paris"
    sim.audience("vip", workflows=["now"])
    sim.slack("xoxb-1", channels=["general", {"name": "secret", "type": "private_channel"}])
    sim.ms_teams("4b1a9a8e-3c07-4c4b-9f0e-0d6d1b7f9c11", teams={"One": ["General"]})
    sim.feed_settings(branding_required=True)
    sim.preference_center(title="Yours")
    sim.set_variables({"app": "demo"})
    sim.delivery("email", outcome="bounced", to="ben")
    sim.fail_bulk_operations("tenants.set")
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
        client.workflows.trigger("later", recipients=["ana"], cancellation_key="c")
        client.schedules.create(workflow="now", recipients=["ana"], repeats=[{"frequency": "daily", "hours": 8}])
        client.messages.mark_as_read(sim.messages(to="ana")[0].id)
        client.users.bulk.identify(users=[{"id": "cleo"}])
    sim.click(sim.messages(to="ana")[0], "https://x.example")
    sim.rate_limits = True


def seen(sim: Simulator) -> Any:
    """Return what the API shows of everything, now and after two days."""
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
    return shown


def test_every_part_of_the_state_is_tested(sim: Simulator) -> None:
    fill(sim)
    assert {kind.__name__ for kind in sim._world._parts} == parts_in_source()


@WAYS
def test_what_is_brought_back_is_what_was_put_aside(sim: Simulator, way: Callable[[Snapshot], Snapshot]) -> None:
    fill(sim)
    snapshot = way(sim.snapshot())
    first = seen(sim)
    assert len(sim.messages(workflow="now")) > 6  # the schedule went on
    other = Simulator(seed=9)
    other.restore(snapshot)
    assert other.rate_limits
    assert seen(other) == first
    sim.restore(snapshot)
    assert seen(sim) == first


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


def test_a_client_goes_on_with_what_was_restored(knock: Any, sim: Simulator) -> None:
    empty = sim.snapshot()
    run = knock.workflows.trigger("w", recipients=[ANA], idempotency_key="k")
    full = sim.snapshot()
    sim.restore(empty)
    assert sim.messages() == sim.requests == sim.triggers == []
    assert knock.workflows.trigger("w", recipients=[ANA], idempotency_key="k") == run  # the same ids as the first time
    sim.restore(full)
    assert knock.workflows.trigger("w", recipients=[ANA], idempotency_key="k").response_info.replayed
    assert len(sim.requests) == 2


def test_faults_end_with_the_state_that_they_were_declared_for(sim: Simulator) -> None:
    snapshot = sim.snapshot()
    sim.fail(next=None)
    sim.restore(snapshot)
    assert http(sim, "GET", "/v1/users")[0].status == 200


def test_what_is_shared_stays_shared(sim: Simulator) -> None:
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


def test_a_file(sim: Simulator, tmp_path: Path) -> None:
    fill(sim)
    path = tmp_path / "state"
    sim.save(path)
    sim.save(str(path))
    assert list(tmp_path.iterdir()) == [path]
    loaded = Simulator.load(path)
    assert type(loaded) is Simulator
    assert seen(loaded) == seen(sim)


def test_a_file_is_replaced_as_a_whole_or_not_at_all(
    sim: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
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


def test_a_state_that_cannot_be_written_leaves_the_file(sim: Simulator, tmp_path: Path) -> None:
    path = tmp_path / "state"
    sim.save(path)
    before = path.read_bytes()
    sim.set_variables({"odd": object()})
    with pytest.raises(TypeError, match=r"builtins\.object cannot be saved"):
        sim.save(path)
    assert path.read_bytes() == before


def test_a_link_stays_a_link(sim: Simulator, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "real" / "state")
    sim.save(link)
    assert link.is_symlink()
    assert Simulator.load(tmp_path / "real" / "state").now == sim.now


def test_any_byte_that_is_missing_or_changed_is_noticed(sim: Simulator, tmp_path: Path) -> None:
    sim.client().users.update("ana")
    written = sim.snapshot().to_bytes()
    path = tmp_path / "state"
    for length in range(0, len(written) - 1, 97):
        path.write_bytes(written[:length])
        with pytest.raises(SnapshotError, match=r"state: .*(not a saved|version|damaged)"):
            Simulator.load(path)
    for place in range(0, len(written) - 1, 97):
        changed = bytearray(written)
        changed[place] ^= 1
        with pytest.raises(SnapshotError):
            Snapshot.from_bytes(bytes(changed))


@pytest.mark.parametrize(
    "foreign", [b"", b"{}", b"\x80\x05.", b"PK\x03\x04", b"x" * 1000, b"\n\n", pickle.dumps(os.system), b"a\nb"]
)
def test_another_file_is_refused(sim: Simulator, tmp_path: Path, foreign: bytes) -> None:
    path = tmp_path / "foreign"
    path.write_bytes(foreign)
    with pytest.raises(SnapshotError, match="not a saved simulator state"):
        Simulator.load(path)
    with pytest.raises(FileNotFoundError):
        Simulator.load(tmp_path / "nothing")


def test_another_version_is_refused(sim: Simulator) -> None:
    magic, rest = b"knock_sdk simulator state ", sim.snapshot().to_bytes().partition(b"state 2 ")[2]
    assert Snapshot.from_bytes(magic + b"2 " + rest)
    for version in (b"1", b"3"):
        with pytest.raises(SnapshotError, match=f"version {version.decode()}, .* reads version 2: delete the file"):
            Snapshot.from_bytes(magic + version + b" " + rest)


def forged(value: object) -> bytes:
    body = json.dumps(value).encode()
    return b"knock_sdk simulator state 2 %s\n%s\n" % (sha256(body).hexdigest().encode(), body)


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
def test_a_forged_state_is_refused_and_runs_nothing(sim: Simulator, value: object) -> None:
    with pytest.raises(SnapshotError):
        Snapshot.from_bytes(forged(value))
    assert http(sim, "GET", "/v1/users")[0].status == 200


def test_a_nest_without_end_is_refused() -> None:
    body = b'{"shapes":[],"value":' + b'["list",' * 100_000 + b"1" + b"]" * 100_000 + b"}"
    with pytest.raises(SnapshotError):
        Snapshot.from_bytes(b"knock_sdk simulator state 2 %s\n%s\n" % (sha256(body).hexdigest().encode(), body))


def test_time_grows_with_the_state() -> None:
    def seconds(users: int) -> float:
        sim = Simulator()
        for start in range(0, users, 1000):
            rows = [{"id": f"u{number}", "email": "u@x.example"} for number in range(start, start + 1000)]
            http(sim, "POST", "/v1/users/bulk/identify", {"users": rows})
        best = 1e9
        for _ in range(3):
            started = perf_counter()
            through_bytes(sim.snapshot())
            best = min(best, perf_counter() - started)
        return best

    assert seconds(8000) < 8 * 4 * seconds(1000)
