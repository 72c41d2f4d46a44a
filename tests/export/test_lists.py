"""Exports of lists: what is requested, and what the file has."""

from __future__ import annotations

import asyncio
import inspect
import json
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knock_sdk import APIResponseValidationError, AsyncKnock, Knock, PaginationError, export
from knock_sdk.testing import Simulator
from tests.export.support import LISTS, SIDES, AsyncPages, Pages, lines, names_in, reply, run, users

if TYPE_CHECKING:
    from pathlib import Path

FILTERS: dict[str, dict[str, Any]] = {
    "messages": {
        "tenant": "acme & co",
        "channel_id": "c1",
        "status": ["sent", "bounced"],
        "engagement_status": ("unread",),
        "message_ids": {"m1"},
        "workflow_categories": ["news"],
        "source": "digest",
        "workflow_run_id": "r1",
        "workflow_recipient_run_id": "r2",
        "trigger_data": {"plan": "pro"},
        "inserted_at": {"gte": datetime(2026, 1, 1, tzinfo=timezone.utc), "lt": "2026-02-01T00:00:00Z"},
    },
    "users": {"include": ["preferences"], "order": "desc"},
    "tenants": {"tenant_id": "t1", "name": "Ac me"},
    "objects": {"include": ["preferences"]},
}
PATH = {"objects": ("projects",)}


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("name", LISTS)
def test_the_filters_are_those_of_the_list(side: str, name: str, tmp_path: Path) -> None:
    pages = Pages(users(3), key="items" if name == "messages" else "entries")
    run(side, pages, name, *PATH.get(name, ()), tmp_path / "out", page_size=2, **FILTERS[name])
    listed = Pages([], key=pages.key)
    with Knock(api_key="sk_test", http_client=listed) as client:
        getattr(client, name).list(*PATH.get(name, ()), page_size=2, **FILTERS[name])
    first, second = (urlsplit(target) for target in pages.targets)
    expected = urlsplit(listed.targets[0])
    assert first.path == second.path == expected.path
    assert sorted(parse_qsl(first.query)) == sorted(parse_qsl(expected.query))
    assert sorted(parse_qsl(second.query)) == sorted([*parse_qsl(expected.query), ("after", "2")])


@pytest.mark.parametrize("ending", ["", "_async"])
@pytest.mark.parametrize("name", LISTS)
def test_the_keywords_are_those_of_the_list(name: str, ending: str) -> None:
    client = AsyncKnock if ending else Knock
    method = inspect.signature(inspect.getattr_static(client, name).func, eval_str=True).return_annotation.list
    listed = dict(inspect.signature(method, eval_str=True).parameters)
    exported = dict(inspect.signature(getattr(export, name + ending), eval_str=True).parameters)
    for each in ("self", "after", "before", "page_size"):
        del listed[each]
    own = {"client", "path", "format", "resume", "overwrite", "escape_formulas", "on_progress", "page_size"}
    assert {key: value for key, value in exported.items() if key not in own} == listed
    assert exported["page_size"].default == 50


@pytest.mark.parametrize("side", SIDES)
def test_items_are_written_as_they_were_sent(side: str, tmp_path: Path) -> None:
    sent = [
        '{"__typename":"User","id":"a","price":1.10,"big":123456789012345678901234567890,"new":{"x":[1,2.50e3]}}',
        '{ "id" : "b", "name": "Zo\\u00eb", "nul": null, "id": "twice" }',
        '{"id":"ç","emoji":"🦖","surrogate":"\\ud800","break":"a\\nb\u2028"}',
    ]
    report = run(side, Pages([*sent, '{\n  "id": "d",\r\n  "x": []\n}']), "users", tmp_path / "out.jsonl", page_size=2)
    written = (tmp_path / "out.jsonl").read_bytes().decode()
    assert written.split("\n") == [*sent, '{   "id": "d",    "x": [] }', ""]
    assert (report.items, report.earlier_items, report.path) == (4, 0, tmp_path / "out.jsonl")
    assert names_in(tmp_path) == ["out.jsonl"]


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("format", "content"), [("jsonl", b""), ("csv", b"id,__typename,name,")])
def test_an_empty_list_is_a_complete_file(side: str, format: str, content: bytes, tmp_path: Path) -> None:
    report = run(side, Pages([]), "users", tmp_path / "out", format=format)
    assert report.items == 0
    assert (tmp_path / "out").read_bytes()[: len(content) or None] == content
    assert names_in(tmp_path) == ["out"]


@pytest.mark.parametrize("side", SIDES)
def test_an_empty_page_in_between_does_not_end_the_list(side: str, tmp_path: Path) -> None:
    pages = Pages(users(4))
    empty = {"entries": [], "page_info": {"after": "2", "before": None, "page_size": 2}}
    pages.before = lambda number: reply(200, empty) if number == 1 else None
    assert run(side, pages, "users", tmp_path / "out", page_size=2).items == 2
    assert lines(tmp_path / "out") == ["u2", "u3"]


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("circle", [1, 2, 3, 7])
def test_cursors_that_repeat_end_the_export(side: str, circle: int, tmp_path: Path) -> None:
    pages = Pages([])

    def again(number: int) -> Any:
        assert number < 50
        return reply(200, {"entries": [], "page_info": {"after": f"c{number % circle}"}})

    pages.before = again
    with pytest.raises(PaginationError, match="repeats a cursor"):
        run(side, pages, "users", tmp_path / "out")


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("cursor", [5, 0, False, ["c"], {"id": "c"}])
def test_a_cursor_that_is_no_text_is_an_error_and_not_the_end(side: str, cursor: object, tmp_path: Path) -> None:
    pages = Pages(users(4))
    pages.before = lambda number: reply(200, {"entries": users(2), "page_info": {"after": cursor}})
    with pytest.raises(APIResponseValidationError, match=r"page_info\.after: Input should be a valid string"):
        run(side, pages, "users", tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_the_simulator_is_exported_whole(backend: str, tmp_path: Path) -> None:
    sim = Simulator()
    client = sim.client()
    for number in range(7):
        client.workflows.trigger("w", recipients=[{"id": f"u{number}", "plan": "pro"}])
    client.objects.set("projects", "p1", name="P")
    client.tenants.set("acme", name="Acme")

    async def main() -> None:
        async with sim.async_client() as asynchronous:
            await export.messages_async(asynchronous, tmp_path / "messages.async", page_size=3)
            await export.users_async(asynchronous, tmp_path / "users.async", page_size=3)
            await export.objects_async(asynchronous, "projects", tmp_path / "objects.async", page_size=3)
            await export.tenants_async(asynchronous, tmp_path / "tenants.async", page_size=3)

    anyio.run(main, backend=backend)
    export.messages(client, str(tmp_path / "messages"))
    export.users(client, tmp_path / "users")
    export.objects(client, "projects", tmp_path / "objects")
    export.tenants(client, tmp_path / "tenants")
    for name, path in (("messages", ""), ("users", ""), ("objects", "/projects"), ("tenants", "")):
        envelope = client.get(f"/v1/{name}{path}")
        expected = envelope["items" if name == "messages" else "entries"]
        written = (tmp_path / name).read_text(encoding="utf-8")
        assert [json.loads(line) for line in written.splitlines()] == expected
        assert len(expected) == (7 if name in {"messages", "users"} else 1)
        assert (tmp_path / f"{name}.async").read_text(encoding="utf-8") == written


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(items=st.lists(st.dictionaries(st.text(), JSON, max_size=4), max_size=7), size=st.integers(1, 4))
def test_any_items_come_back(items: list[dict[str, Any]], size: int, tmp_path_factory: Any) -> None:
    path = tmp_path_factory.mktemp("any") / "out"
    run("sync", Pages(items), "users", path, page_size=size)
    assert [json.loads(line) for line in path.read_bytes().decode("utf-8", "surrogatepass").split("\n")[:-1]] == items


def test_several_exports_run_side_by_side(tmp_path: Path) -> None:
    async def main() -> list[export.ExportReport]:
        async with AsyncKnock(api_key="sk_test", http_client=AsyncPages(Pages(users(30)))) as client:
            paths = [tmp_path / str(number) for number in range(8)]
            return await asyncio.gather(*(export.users_async(client, path, page_size=4) for path in paths))

    assert [report.items for report in asyncio.run(main())] == [30] * 8
    assert len({path.read_bytes() for path in tmp_path.iterdir()}) == 1
