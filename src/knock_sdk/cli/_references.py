"""Recipients as commands take and show them: `USER`, `COLLECTION/ID`, or JSON that stores them too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import typer

from .._core.type_guards import is_array, is_object
from ._inputs import read_json, read_source

if TYPE_CHECKING:
    from ..params import ObjectReference
    from ..types import Object, User
    from ..types import ObjectReference as FoundReference

_IDS = frozenset({"id", "collection"})


class ObjectId(NamedTuple):
    """An object, given as `COLLECTION/ID`; a tenant is `$tenants/ID`."""

    collection: str
    id: str

    def reference(self) -> ObjectReference:
        """Return the object as requests refer to it."""
        return {"collection": self.collection, "id": self.id}


def read_object_id(text: str, option: str = "OBJECT") -> ObjectId:
    """Return the collection and the id of an object that was given as `COLLECTION/ID`; the id may have slashes."""
    collection, slash, object_id = text.partition("/")
    if not slash or not collection or not object_id:
        raise typer.BadParameter(f"{text!r} is not COLLECTION/ID.", param_hint=option)
    return ObjectId(collection, object_id)


def read_recipient(text: str, option: str = "RECIPIENT") -> str | ObjectId:
    """Return a user's id, or an object that was given as `COLLECTION/ID`; ids of users have no slash."""
    return read_object_id(text, option) if "/" in text else text


def read_reference(text: str, option: str) -> str | ObjectReference:
    """Return a recipient as requests refer to one."""
    return _to_reference(read_recipient(text, option))


def read_inline(text: str, option: str) -> str | ObjectReference | dict[str, Any]:
    """Return a recipient, which JSON may store too: `USER`, `COLLECTION/ID`, or `{"id": "ana", "name": "Ana"}`."""
    if not text.lstrip().startswith("{"):
        return read_reference(text, option)
    value: dict[str, Any] = read_json(text, option)
    return value


def read_recipients(
    given: list[str] | None, objects: list[str] | None, source: str | None
) -> list[str | ObjectReference | dict[str, Any]]:
    """Return all recipients of a request.

    Args:
        given: those of `--recipient`.
        objects: those of `--object`.
        source: the value of `--recipients`: a JSON list, or lines with one recipient each; itself, `@FILE`, or `-`.
    """
    recipients = [read_inline(text, "--recipient") for text in given or []]
    recipients += [_to_reference(read_object_id(text, "--object")) for text in objects or []]
    if source is not None:
        recipients += _read_many(source, "--recipients")
    return recipients


def describe(recipient: str | FoundReference | User | Object) -> str:
    """Return a recipient as commands take it: `USER` or `COLLECTION/ID`."""
    if isinstance(recipient, str):
        return recipient
    collection: str | None = getattr(recipient, "collection", None)
    return f"{collection}/{recipient.id}" if collection else recipient.id


def _to_reference(recipient: str | ObjectId) -> str | ObjectReference:
    return recipient if isinstance(recipient, str) else recipient.reference()


def _read_many(source: str, option: str) -> list[str | ObjectReference | dict[str, Any]]:
    text = read_source(source, option)
    if text.lstrip().startswith("["):
        values = read_json(text, option)
        if not is_array(values):  # not reached: JSON that begins with a bracket is a list
            raise typer.BadParameter("It is not a list.", param_hint=option)
        return [each if is_object(each) else read_inline(str(each), option) for each in values]
    return [read_inline(line.strip(), option) for line in text.splitlines() if line.strip()]
