"""The columns of CSV and Parquet: a table for each kind of item, and how an item becomes a row."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from .._core.type_guards import is_object

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ColumnType: TypeAlias = Literal["text", "time", "boolean", "json"]

_MESSAGE_TIMES = (
    *("inserted_at", "updated_at", "scheduled_at", "seen_at", "read_at", "interacted_at"),
    *("link_clicked_at", "clicked_at", "archived_at"),
)
_COLORS = ("primary_color", "primary_color_contrast", "dark_primary_color", "dark_primary_color_contrast")


class Column(NamedTuple):
    """A column."""

    name: str
    """Path of the field, with dots."""
    type: ColumnType


class Table:
    """The columns of one kind of item. The last one has, as JSON, every field that has no column of its own."""

    def __init__(self, text: str, times: tuple[str, ...], rest: str, *, booleans: str = "", objects: str = "") -> None:
        """Make the columns, in this order.

        Args:
            text: names of columns with text.
            times: names of those with times.
            rest: name of the last column.
            booleans: names of those with booleans.
            objects: names of those with any JSON.
        """
        self.columns: tuple[Column, ...] = (
            *(Column(name, "text") for name in text.split()),
            *(Column(name, "time") for name in times),
            *(Column(name, "boolean") for name in booleans.split()),
            *(Column(name, "json") for name in objects.split()),
            Column(rest, "json"),
        )
        self.rest = rest
        self._places = {column.name: index for index, column in enumerate(self.columns[:-1])}
        self._objects = {name[:end] for name in self._places for end, sign in enumerate(name) if sign == "."}

    def row(self, item: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        """Return the values of an item, None where it has none, and the fields that have no column."""
        values: list[Any] = [None] * len(self._places)
        rest: dict[str, Any] = {}
        for name, value in self._fields(item, ""):
            place = self._places.get(name)
            if place is not None:
                values[place] = value
            elif name in self._objects:
                if value is not None:
                    rest[name] = value
            else:
                rest[name.removeprefix("\0")] = value
        return values, rest

    def _fields(self, item: Mapping[str, Any], within: str) -> Iterator[tuple[str, Any]]:
        for key, value in item.items():
            # A custom property may have the name of a column, such as "channel.id".
            name = f"\0{within}{key}" if "." in key else within + key
            if name not in self._objects:
                yield name, value
            elif is_object(value):
                yield from self._fields(value, f"{name}.")
            elif f"{name}.collection" in self._places and isinstance(value, str):
                yield f"{name}.id", value  # a reference to a user is its id alone
            else:
                yield name, value


TABLES: Mapping[str, Table] = {
    "messages": Table(
        "id __typename status tenant workflow recipient.id recipient.collection channel_id "
        "channel.id channel.key channel.name channel.provider channel.type "
        "source.__typename source.type source.key source.version_id source.step_ref source.workflow_run_id "
        "source.workflow_recipient_run_id recipient_snapshot.user_id recipient_snapshot.name recipient_snapshot.email "
        "recipient_snapshot.channel_id",
        (*_MESSAGE_TIMES, "channel.created_at", "channel.updated_at"),
        "unknown_fields",
        booleans="recipient_snapshot.via_incoming_webhook",
        objects="engagement_statuses actors source.categories source.branch_path data metadata",
    ),
    "users": Table(
        "id __typename name email phone_number avatar timezone",
        ("created_at", "updated_at"),
        "properties",
        objects="preferences",
    ),
    "tenants": Table(
        "id __typename name "
        + " ".join(f"settings.branding.{field}" for field in ("logo_url", "icon_url", "dark_logo_url", "dark_icon_url"))
        + "".join(f" settings.branding.{color}" for color in _COLORS),
        (),
        "properties",
        objects="settings.preference_set",
    ),
    "objects": Table(
        "id __typename collection",
        ("created_at", "updated_at"),
        "unknown_fields",
        objects="properties",
    ),
}
"""The table of each kind of item."""


def json_text(value: object) -> str:
    """Return JSON, with all characters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def as_text(value: object) -> str:
    """Return text as it is, and any other value as JSON."""
    return value if isinstance(value, str) else json_text(value)
