"""`knock-sdk preferences get`, `set` and `unset`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..._core.type_guards import is_object
from .._console import Styled, print_done, print_json, print_line, print_record
from .._errors import confirm
from .._inputs import read_object
from .._options import JSONOutput, RecipientId, Yes
from .._references import ObjectId, read_recipient
from .._session import client_of
from .._text import to_json

if TYPE_CHECKING:
    from ..._sync.client import Knock
    from ...types import PreferenceSet

SetId = Annotated[
    str, typer.Option("--set", metavar="SET", help="The set: default, or the id of a tenant for what holds within it.")
]
_SECTIONS = ("workflows", "categories", "channel_types", "channels")
_WORDS = {"on": True, "true": True, "yes": True, "off": False, "false": False, "no": False}


def _setting(name: str, help_text: str) -> Any:
    return typer.Option(name, metavar="NAME=on|off", help=f"{help_text} May be repeated.")


def get_preferences(
    context: typer.Context,
    recipient_id: RecipientId,
    *,
    set_id: SetId = "default",
    everything: Annotated[
        bool, typer.Option("--all", help="Show all sets that were stored, without defaults.")
    ] = False,
    json: JSONOutput = False,
) -> None:
    """Show a preference set, laid over the defaults that apply."""
    recipient = read_recipient(recipient_id)
    with client_of(context) as client:
        if everything:
            found = list_sets(client, recipient)
            if json:
                for each in found:
                    print_json(each)
                return
            for each in found:
                print_line(f"{each.id}:")
                print_record(rows_of(each), each, as_json=False)
            return
        preferences = get(client, recipient, set_id)
        print_record(rows_of(preferences) or {"everything": "on"}, preferences, as_json=json)


def set_preferences(
    context: typer.Context,
    recipient_id: RecipientId,
    *,
    set_id: SetId = "default",
    workflows: Annotated[list[str] | None, _setting("--workflow", "Whether a workflow is wanted, by its key.")] = None,
    categories: Annotated[
        list[str] | None, _setting("--category", "Whether a category of workflows is wanted.")
    ] = None,
    channel_types: Annotated[
        list[str] | None, _setting("--channel-type", "Whether email, sms, push, chat, in_app_feed or http is wanted.")
    ] = None,
    channels: Annotated[list[str] | None, _setting("--channel", "Whether a channel is wanted, by its id.")] = None,
    commercial: Annotated[
        bool | None, typer.Option("--commercial/--no-commercial", help="Whether commercial messages are wanted.")
    ] = None,
    data: Annotated[
        str | None,
        typer.Option("--data", metavar="JSON", help="A set as the API has it: itself, @FILE, or - for standard input."),
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Discard what was stored before.")] = False,
    json: JSONOutput = False,
) -> None:
    """Change preferences; those that are not named stay as they are, unless --replace is given."""
    sections = read_object(data) or {}
    given = {"workflows": workflows, "categories": categories, "channel_types": channel_types, "channels": channels}
    for section, settings in given.items():
        for text in settings or []:
            name, setting = _read_setting(text, f"--{section.removesuffix('s').replace('_', '-')}")
            present = sections.setdefault(section, {})
            if is_object(present):
                present[name] = setting
    if commercial is not None:
        sections["commercial_subscribed"] = commercial
    if not sections and not replace:
        raise typer.BadParameter("There is nothing to change: name a setting, such as --channel-type email=off.")
    sections["_persistence_strategy"] = "replace" if replace else "merge"
    recipient = read_recipient(recipient_id)
    with client_of(context) as client:
        if isinstance(recipient, ObjectId):
            stored = client.objects.set_preferences(*recipient, set_id, **sections)
        else:
            stored = client.users.set_preferences(recipient, set_id, **sections)
        print_record(rows_of(stored) or {"everything": "on"}, stored, as_json=json)


def unset_preferences(
    context: typer.Context,
    recipient_id: RecipientId,
    *,
    set_id: SetId = "default",
    yes: Yes = False,
    json: JSONOutput = False,
) -> None:
    """Remove a preference set, so that the defaults apply."""
    recipient = read_recipient(recipient_id)
    with client_of(context) as client:
        confirm(f"Remove the preference set {set_id!r} of {recipient_id!r}?", yes=yes)
        if isinstance(recipient, ObjectId):
            client.objects.unset_preferences(*recipient, set_id)
        else:
            client.users.unset_preferences(recipient, set_id)
        done = {"recipient": recipient_id, "unset": set_id}
        print_done(f"Removed the preference set {set_id} of {recipient_id}.", done, as_json=json)


def get(client: Knock, recipient: str | ObjectId, set_id: str) -> PreferenceSet:
    """Return a preference set, laid over the defaults."""
    if isinstance(recipient, ObjectId):
        return client.objects.get_preferences(*recipient, set_id)
    return client.users.get_preferences(recipient, set_id)


def list_sets(client: Knock, recipient: str | ObjectId) -> list[PreferenceSet]:
    """Return the preference sets that were stored, without defaults."""
    if isinstance(recipient, ObjectId):
        return client.objects.list_preferences(*recipient)
    return client.users.list_preferences(recipient)


def rows_of(preferences: PreferenceSet) -> dict[str, object]:
    """Return the settings of a set by their paths."""
    rows: dict[str, object] = {}
    stored = preferences.model_dump(mode="json", by_alias=True, exclude_none=True)
    if (commercial := stored.get("commercial_subscribed")) is not None:
        rows["commercial"] = _describe(commercial)
    for section in _SECTIONS:
        _add(rows, section, stored.get(section) or {})
    return rows


def _add(rows: dict[str, object], path: str, settings: dict[str, Any]) -> None:
    for name, setting in settings.items():
        if not is_object(setting) or "conditions" in setting:
            rows[f"{path}.{name}"] = _describe(setting)
        if is_object(setting):
            for section in ("channel_types", "channels"):
                _add(rows, f"{path}.{name}.{section}", setting.get(section) or {})


def _describe(setting: Any) -> object:
    if isinstance(setting, bool):
        return Styled("on" if setting else "off", "green" if setting else "red")
    return f"if {to_json(setting['conditions'])}" if is_object(setting) and "conditions" in setting else setting


def _read_setting(text: str, option: str) -> tuple[str, bool]:
    name, sign, word = text.rpartition("=")
    if not sign or not name or word.lower() not in _WORDS:
        raise typer.BadParameter(f"{text!r} is not NAME=on or NAME=off.", param_hint=option)
    return name, _WORDS[word.lower()]
