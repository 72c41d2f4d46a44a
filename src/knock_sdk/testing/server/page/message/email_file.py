"""An email as a file, as mail programs open it."""

from __future__ import annotations

import re
from base64 import b64decode
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, getaddresses
from typing import TYPE_CHECKING, Any

from ....._core.type_guards import is_array, is_object

if TYPE_CHECKING:
    from ....state.json_objects import JSON
    from ....state.records import Message

_RECEIVERS = (("To", "to"), ("Cc", "cc"), ("Bcc", "bcc"), ("Reply-To", "reply_to"))
_ADDRESS = re.compile(r"[^\s@<>\"(),:;\[\]\\]+@[^\s@<>\"(),:;\[\]\\]+")
_TYPE = re.compile(r"(application|audio|font|image|text|video)/([A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,100})")
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,75}")
_OWN = frozenset({"from", "to", "cc", "bcc", "reply-to", "subject", "date", "message-id", "mime-version"})
_MOST_HEADER = 2_000


def build(message: Message) -> bytes:
    """Return an email with its headers, text, HTML and attachments.

    A line break in a header becomes a space, and what is no address becomes the name of one that nobody has.
    """
    contents: JSON = message.contents or {}
    built = EmailMessage(policy=SMTP)
    built["Subject"] = _one_line(contents.get("subject_line"))
    built["Date"] = format_datetime(message.inserted_at)
    built["Message-ID"] = f"<{message.id}@knock.invalid>"
    built["From"] = _sender(contents.get("from"))
    for header, name in _RECEIVERS:
        if addresses := _parse(contents.get(name)):
            built[header] = addresses
    _add_headers(built, message.call.get("headers"))
    built.set_content(str(contents.get("text_body") or ""), cte="base64")
    if html := contents.get("html_body"):
        built.add_alternative(str(html), subtype="html", cte="base64")
    for attachment in attachments_of(message):
        maintype, subtype = _type_of(attachment.get("content_type"))
        built.add_attachment(
            b64decode(attachment["content"]), maintype, subtype, filename=file_name(attachment.get("name"))
        )
    return built.as_bytes()


def attachments_of(message: Message) -> list[JSON]:
    """Return the attachments of an email; each has `name`, `content_type` and `content`, in base64."""
    found: Any = message.call.get("attachments")
    return (
        [each for each in found if is_object(each) and isinstance(each.get("content"), str)] if is_array(found) else []
    )


def file_name(name: object) -> str:
    """Return a name without folders and line breaks."""
    return re.split(r"[/\\]", _one_line(name))[-1].lstrip(".")[:200] or "attachment"


def _sender(value: object) -> Address:
    """Return the address of a sender, which is written as `name <address>`; the name may have commas."""
    text = _one_line(value)
    name, found, address = text.rpartition(" <")
    address = address.removesuffix(">")
    return _address(name.strip('"'), address) if found else _address("", text)


def _address(name: str, address: str) -> Address:
    """Return an address, with a name of its own if it is none."""
    name, address = _one_line(name), _one_line(address)  # what was escaped is not any more
    if _ADDRESS.fullmatch(address) and address.isascii():
        return Address(name, addr_spec=address)
    return Address(" ".join(filter(None, (name, address))), "undeliverable", "knock.invalid")


def _parse(value: object) -> list[Address]:
    """Return the addresses in a text."""
    text = _one_line(value)
    if not text:
        return []
    try:
        found = getaddresses([text])
    except RecursionError:  # thousands of brackets
        found = []
    return [_address(*each) for each in found if any(each)] or [_address("", text)]


def _add_headers(built: EmailMessage, headers: Any) -> None:
    """Add the headers that the channel or step sets, such as `List-Unsubscribe`."""
    for name, value in headers.items() if is_object(headers) else ():
        if _HEADER_NAME.fullmatch(name) and name.lower() not in _OWN and not name.lower().startswith("content-"):
            # Python's parsers of addresses and dates raise several errors for what is neither.
            with suppress(ValueError, LookupError, RecursionError):
                built[name] = _one_line(value)


def _type_of(content_type: object) -> tuple[str, str]:
    match = _TYPE.match(content_type) if isinstance(content_type, str) else None
    return (match[1], match[2]) if match else ("application", "octet-stream")


def _one_line(value: object) -> str:
    """Return a text in one line, without control characters, and without those that an encoded word can hide."""
    text = value.replace("=?", "= ?") if isinstance(value, str) else ""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())[:_MOST_HEADER]
