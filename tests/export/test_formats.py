"""CSV and Parquet: columns, quoting, types, and what has no column."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from knock_sdk import export, types
from knock_sdk.export._columns import TABLES
from knock_sdk.testing import Simulator
from tests.export.support import LISTS, SIDES, Pages, names_in, run, users
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MODELS: dict[str, type[BaseModel]] = {
    "messages": types.Message,
    "users": types.User,
    "tenants": types.Tenant,
    "objects": types.Object,
}
KEY = {"messages": "items"}
AT = {"objects": ("projects",)}


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def fields_of(model: type[BaseModel], within: str = "") -> Iterator[str]:
    """Yield the paths of a model's fields, those inside of nested models too."""
    for name, field in model.model_fields.items():
        path = within + (field.alias or name)
        inner = [each for each in (field.annotation, *get_args(field.annotation)) if isinstance(each, type)]
        if path == "recipient":
            yield from ("recipient.id", "recipient.collection")
        elif models := [each for each in inner if issubclass(each, BaseModel) and each is not types.PreferenceSet]:
            yield from fields_of(models[0], f"{path}.")
        else:
            yield path


@pytest.mark.parametrize("kind", LISTS)
def test_every_field_of_the_contract_has_a_column(kind: str) -> None:
    columns = [column.name for column in TABLES[kind].columns]
    assert len(columns) == len(set(columns))
    added = {"users": {"preferences", "properties"}, "tenants": {"properties"}}.get(kind, {"unknown_fields"})
    assert set(columns) == {*fields_of(MODELS[kind]), *added}
    documented = {path for path in fields_of(MODELS[kind]) if path.endswith("_at")}
    assert {column.name for column in TABLES[kind].columns if column.type == "time"} == documented


@pytest.mark.parametrize("kind", LISTS)
def test_the_columns_are_documented(kind: str) -> None:
    section = (ROOT / "docs" / "export.md").read_text(encoding="utf-8").split("## Columns")[1].split("\n## ")[0]
    row = next(line for line in section.splitlines() if line.startswith(f"| {kind} |"))
    assert row.split("|")[2].replace("`", "").replace(",", "").split() == [
        column.name for column in TABLES[kind].columns
    ]


@pytest.mark.parametrize("side", SIDES)
def test_a_user_in_csv(side: str, tmp_path: Path) -> None:
    user = {
        **users(1)[0],
        "name": 'Zoë "Z", 🦖',
        "email": None,
        "phone_number": "+33 1 23-45",
        "preferences": {"default": {"channel_types": {"email": False}}},
        "plan": "pro",
        "channel.id": "custom",
        "properties": [1.5, None],
    }
    run(side, Pages([user]), "users", tmp_path / "out.csv", format="csv")
    assert (tmp_path / "out.csv").read_bytes().decode() == (
        "id,__typename,name,email,phone_number,avatar,timezone,created_at,updated_at,preferences,properties\r\n"
        'u0,User,"Zoë ""Z"", 🦖",,+33 1 23-45,,,,2026-01-05T09:00:00Z,'
        '"{""default"":{""channel_types"":{""email"":false}}}"'
        ',"{""plan"":""pro"",""channel.id"":""custom"",""properties"":[1.5,null]}"\r\n'
    )


def test_a_message_in_csv(tmp_path: Path) -> None:
    sim = Simulator()
    client = sim.client()
    client.objects.set("projects", "p1", name="P")
    client.workflows.trigger("w", recipients=[{"id": "ana"}, {"collection": "projects", "id": "p1"}], data={"n": 1})
    export.messages(client, tmp_path / "out.csv", format="csv")
    rows = {row["recipient.id"]: row for row in read(tmp_path / "out.csv")}
    assert (rows["ana"]["recipient.collection"], rows["p1"]["recipient.collection"]) == ("", "projects")
    for row in rows.values():
        assert (row["data"], row["engagement_statuses"], row["unknown_fields"]) == ('{"n":1}', "[]", "")
        assert row["channel.type"] == "in_app_feed"
        assert row["source.key"] == row["workflow"] == "w"


UNKNOWN: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"new": 1}, {"new": 1}),
    ({"channel": {"id": "c", "region": "eu"}}, {"channel.region": "eu"}),
    ({"channel": "c1"}, {"channel": "c1"}),
    ({"channel": None, "recipient": None}, {}),
    ({"channel.id": "x", "unknown_fields": 3}, {"channel.id": "x", "unknown_fields": 3}),
    ({"recipient": {"id": "p", "collection": "c", "name": "P"}}, {"recipient.name": "P"}),
    ({"recipient": ["a"]}, {"recipient": ["a"]}),
]


@pytest.mark.parametrize(("fields", "rest"), UNKNOWN)
def test_what_has_no_column_is_not_lost(fields: dict[str, Any], rest: dict[str, Any], tmp_path: Path) -> None:
    run("sync", Pages([{"id": "m", **fields}], key="items"), "messages", tmp_path / "out", format="csv")
    (row,) = read(tmp_path / "out")
    assert row["id"] == "m"
    assert (json.loads(row["unknown_fields"]) if row["unknown_fields"] else {}) == rest


FULLWIDTH = ["\N{FULLWIDTH EQUALS SIGN}1", "\N{FULLWIDTH COMMERCIAL AT}x", "\N{FULLWIDTH HYPHEN-MINUS}1+A1"]
FORMULAS = ["=1+1", "+A1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "-", "+", *FULLWIDTH]
PLAIN = ["", "x=1", "+33123456789", "-5", "-1.5", "+1 (800) 555-01/2", " =1", "'=1", "2026-01-05", "{=1}"]


@pytest.mark.parametrize("text", [*FORMULAS, *PLAIN])
@pytest.mark.parametrize("escape", [True, False])
def test_text_that_is_a_formula_to_spreadsheets(text: str, escape: bool, tmp_path: Path) -> None:
    run("sync", Pages([{"id": text}]), "users", tmp_path / "out", format="csv", escape_formulas=escape)
    harmless = not escape or text in PLAIN or text in {"-", "+"}
    assert read(tmp_path / "out")[0]["id"] == (text if harmless else f"'{text}")


VALUES: list[tuple[Any, str]] = [
    (None, ""),
    (5, "5"),
    (1.5, "1.5"),
    (True, "true"),
    ({"a": "é"}, '{"a":"é"}'),
    ("\ud800x", "?x"),
    ("null", "null"),
]


@pytest.mark.parametrize(("value", "cell"), VALUES)
def test_a_value_of_another_type_than_documented_in_csv(value: Any, cell: str, tmp_path: Path) -> None:
    run("sync", Pages([{"id": value}]), "users", tmp_path / "out", format="csv")
    assert read(tmp_path / "out")[0]["id"] == cell


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(rows=st.lists(st.tuples(TEXT, TEXT, st.dictionaries(TEXT, TEXT, max_size=3)), min_size=1, max_size=4))
def test_any_text_comes_back_from_csv(rows: list[Any], tmp_path_factory: Any) -> None:
    path = tmp_path_factory.mktemp("csv") / "out"
    items = [{"id": each, "name": name, "custom": custom} for each, name, custom in rows]
    run("sync", Pages(items), "users", path, format="csv", escape_formulas=False)
    back = list(csv.DictReader(io.StringIO(path.read_bytes().decode(), newline="")))
    assert [(row["id"], row["name"], json.loads(row["properties"])) for row in back] == [
        (each, name, {"custom": custom}) for each, name, custom in rows
    ]


def table_of(path: Path) -> Any:
    parquet = pytest.importorskip("pyarrow.parquet")
    return parquet.read_table(path)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("kind", LISTS)
def test_parquet_has_a_fixed_schema(side: str, kind: str, tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    run(side, Pages([], key=KEY.get(kind, "entries")), kind, *AT.get(kind, ()), tmp_path / "out", format="parquet")
    table = table_of(tmp_path / "out")
    expected = {
        "text": arrow.string(),
        "json": arrow.string(),
        "boolean": arrow.bool_(),
        "time": arrow.timestamp("us", tz="UTC"),
    }
    assert table.num_rows == 0
    assert [(field.name, field.type) for field in table.schema] == [
        (column.name, expected[column.type]) for column in TABLES[kind].columns
    ]
    assert names_in(tmp_path) == ["out"]


@pytest.mark.parametrize("side", SIDES)
def test_values_in_parquet(side: str, tmp_path: Path) -> None:
    user = {**users(1)[0], "name": "=Zoë", "email": None, "created_at": "2026-01-05T10:00:00.123456+02:00", "plan": 1}
    run(side, Pages([user]), "users", tmp_path / "out", format="parquet")
    (row,) = table_of(tmp_path / "out").to_pylist()
    assert {name: value for name, value in row.items() if value is not None} == {
        "id": "u0",
        "__typename": "User",
        "name": "=Zoë",
        "created_at": datetime(2026, 1, 5, 8, 0, 0, 123456, tzinfo=timezone.utc),
        "updated_at": datetime(2026, 1, 5, 9, tzinfo=timezone.utc),
        "properties": '{"plan":1}',
    }


MISFITS: list[tuple[str, Any]] = [
    ("inserted_at", "yesterday"),
    ("inserted_at", "1767603600"),
    ("inserted_at", 1767603600),
    ("inserted_at", "2026-01-05T09:00:00"),
    ("inserted_at", "99999-01-05T09:00:00Z"),
    ("inserted_at", "-5"),
    ("inserted_at", "-1767603600"),
    ("inserted_at", "0001-01-01T00:00:00+14:00"),
    ("inserted_at", "9999-12-31T23:59:59-14:00"),
    ("recipient_snapshot.via_incoming_webhook", "yes"),
    ("recipient_snapshot.via_incoming_webhook", 0),
]


@pytest.mark.parametrize(("path", "value"), MISFITS)
def test_a_value_that_does_not_fit_its_column_is_not_lost(path: str, value: Any, tmp_path: Path) -> None:
    outer, _, inner = path.partition(".")
    item = {"id": "m", outer: {inner: value} if inner else value}
    run("sync", Pages([item], key="items"), "messages", tmp_path / "out", format="parquet")
    (row,) = table_of(tmp_path / "out").to_pylist()
    assert row[path] is None
    assert json.loads(row["unknown_fields"]) == {path: value}


def test_other_values_in_parquet(tmp_path: Path) -> None:
    items = [{"id": 5}, {"id": ["a"]}, {"id": "\ud800x", "plan": "\ud800"}, {"id": True}]
    run("sync", Pages(items), "users", tmp_path / "out", format="parquet")
    rows = table_of(tmp_path / "out").to_pylist()
    assert [row["id"] for row in rows] == ["5", '["a"]', "?x", "true"]
    assert rows[2]["properties"] == '{"plan":"?"}'


@pytest.mark.parametrize("format", ["csv", "parquet"])
def test_a_number_that_no_float_can_hold_is_text(format: str, tmp_path: Path) -> None:
    """Infinity is no JSON, so that no other program could read the column."""
    item = '{"id":1e400,"plan":{"price":1e400,"sizes":[1.5e3,2,-1E999]}}'
    run("sync", Pages([item]), "users", tmp_path / "out", format=format)
    (row,) = read(tmp_path / "out") if format == "csv" else table_of(tmp_path / "out").to_pylist()
    assert row["id"] == "1e400"
    assert row["properties"] == '{"plan":{"price":"1e400","sizes":[1500.0,2,"-1E999"]}}'


def test_a_batch_of_parquet_ends_earlier_if_its_items_are_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten thousand large items would need more memory than there is, and more than a column can hold."""
    parquet = pytest.importorskip("pyarrow.parquet")
    monkeypatch.setattr("knock_sdk.export._parquet._BATCH_BYTES", 1000)
    items = [{**user, "name": "x" * 400} for user in users(7)]
    run("sync", Pages(items), "users", tmp_path / "out", format="parquet")
    file = parquet.ParquetFile(tmp_path / "out")
    sizes = [file.metadata.row_group(index).num_rows for index in range(file.num_row_groups)]
    file.close()
    assert sizes == [3, 3, 1]
    assert table_of(tmp_path / "out")["id"].to_pylist() == [f"u{number}" for number in range(7)]


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("content", [b"x", b"[1]\n", b"\xff\n", b"[" * 500, b"7\n", b"\n"])
def test_items_that_another_program_changed_are_an_error(side: str, content: bytes, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")

    def stop(_: export.ExportProgress) -> None:
        if (tmp_path / "out.converting").exists():  # on a slow machine, it is told of pages before
            raise InterruptedError

    with pytest.raises(InterruptedError):
        run(side, Pages(users(20)), "users", tmp_path / "out", format="parquet", on_progress=stop)
    (tmp_path / "out.converting").unlink()
    state = (tmp_path / "out.resume").read_text(encoding="utf-8")
    (tmp_path / "out.resume").write_text(state.replace('"ready"', '"listed"'), encoding="utf-8")
    size = (tmp_path / "out.part").stat().st_size
    (tmp_path / "out.part").write_bytes((content * size)[:size])
    with pytest.raises(export.ExportStateError, match=r"out\.part: was changed by another program.*resume=False"):
        run(side, Pages([]), "users", tmp_path / "out", format="parquet")
    assert run(side, Pages(users(2)), "users", tmp_path / "out", format="parquet", resume=False).items == 2


@pytest.mark.parametrize("side", SIDES)
def test_parquet_is_written_in_batches(side: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    monkeypatch.setattr("knock_sdk.export._parquet._BATCH", 4)
    run(side, Pages(users(10)), "users", tmp_path / "out", format="parquet", page_size=3)
    file = parquet.ParquetFile(tmp_path / "out")
    sizes = [file.metadata.row_group(index).num_rows for index in range(file.num_row_groups)]
    file.close()
    assert sizes == [4, 4, 2]
    assert table_of(tmp_path / "out")["id"].to_pylist() == [f"u{number}" for number in range(10)]


@pytest.mark.parametrize("side", SIDES)
def test_a_conversion_that_was_interrupted_is_made_again(
    side: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyarrow")
    monkeypatch.setattr("knock_sdk.export._parquet._BATCH", 2)
    monkeypatch.setattr("knock_sdk.export._report._EVERY", 0)
    told: list[int] = []

    def stop(progress: export.ExportProgress) -> None:
        told.append(progress.items)
        if len(told) == 4:  # after two pages and a batch
            raise InterruptedError("enough")

    with pytest.raises(InterruptedError, match="enough"):
        run(side, Pages(users(6)), "users", tmp_path / "out", format="parquet", page_size=3, on_progress=stop)
    assert names_in(tmp_path) == ["out.converting", "out.part", "out.resume"]
    pages = Pages([])
    assert run(side, pages, "users", tmp_path / "out", format="parquet").items == 6
    assert pages.targets == []
    assert table_of(tmp_path / "out")["id"].to_pylist() == [f"u{number}" for number in range(6)]
    assert names_in(tmp_path) == ["out"]
