"""Emails as files, read again by Python's parser."""

from __future__ import annotations

from base64 import b64encode
from email import message_from_bytes
from email.policy import default
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk.testing import Send
from knock_sdk.testing.server.page.message.email_file import build
from knock_sdk.testing.state.clock import START
from tests.simulator.server.page.conftest import send

if TYPE_CHECKING:
    from email.message import EmailMessage

    from knock_sdk.testing import Simulator
    from tests.simulator.server.page.conftest import Site


def download(site: Site, message: str) -> EmailMessage:
    response = site.http.get(f"/messages/{message}/email.eml")
    assert response.status_code == 200
    assert response.headers["content-type"] == "message/rfc822"
    assert response.headers["content-disposition"].startswith("attachment; ")
    assert response.content.isascii()
    parsed: Any = message_from_bytes(response.content, policy=default)
    assert parsed.defects == []
    return parsed


def test_a_file_has_headers_texts_and_attachments(site: Site, sim: Simulator) -> None:
    overrides = {
        "from_address": "park@ingen.example",
        "from_name": "Der Parc — Île Núblar",
        "cc_address": "a@ingen.example, b@ingen.example",
        "reply_to_address": "reply@ingen.example",
    }
    template = {"subject": "Willkommen, {{ name }} 🦖", "html_body": "<p>Grüße</p>", "text_body": "Grüße\n.\nFrom here"}
    file = {"name": "Karte 🗺.txt", "content_type": "text/plain", "content": b64encode("Süd".encode()).decode()}
    message = send(
        sim, Send("email", template=template, overrides=overrides), data={"name": "Ünal", "attachments": [file]}
    )
    parsed = download(site, message)
    assert parsed["subject"] == "Willkommen, Ünal 🦖"
    assert [(each.display_name, each.addr_spec) for each in parsed["from"].addresses] == [
        ("Der Parc — Île Núblar", "park@ingen.example")
    ]
    assert [each.addr_spec for each in parsed["to"].addresses] == ["john@ingen.example"]
    assert [each.addr_spec for each in parsed["cc"].addresses] == ["a@ingen.example", "b@ingen.example"]
    assert parsed["reply-to"].addresses[0].addr_spec == "reply@ingen.example"
    assert parsed["date"].datetime == sim.now
    texts = {kind: parsed.get_body((kind,)) for kind in ("plain", "html")}
    assert texts["plain"].get_content().splitlines() == ["Grüße", ".", "From here"]
    assert texts["html"].get_content().strip() == "<p>Grüße</p>"
    (attachment,) = parsed.iter_attachments()
    assert (attachment.get_filename(), attachment.get_payload(decode=True)) == ("Karte 🗺.txt", "Süd".encode())


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a\r\nX-Injected: 1.txt", "a X-Injected: 1.txt"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ('say "hi".txt', 'say "hi".txt'),
        ("", "attachment"),
        ("...", "attachment"),
    ],
)
def test_names_of_attachments_are_safe(site: Site, sim: Simulator, name: str, shown: str) -> None:
    file = {"name": name, "content_type": "text/html\r\nX-Injected: 2", "content": b64encode(b"<p>").decode()}
    parsed = download(site, send(sim, Send("email"), data={"attachments": [file]}))
    (attachment,) = parsed.iter_attachments()
    assert attachment.get_filename() == shown
    assert attachment.get_payload(decode=True) == b"<p>"
    assert not any(name.lower() == "x-injected" for part in parsed.walk() for name in part)


@pytest.mark.parametrize("kind", ["multipart/mixed", "message/rfc822", "nonsense", "x/y/z", "text/\x00"])
def test_odd_types_of_attachments_are_bytes(site: Site, sim: Simulator, kind: str) -> None:
    file = {"name": "a", "content_type": kind, "content": b64encode(b"\xff\x00").decode()}
    (attachment,) = download(site, send(sim, Send("email"), data={"attachments": file})).iter_attachments()
    assert attachment.get_content_type() == "application/octet-stream"
    assert attachment.get_payload(decode=True) == b"\xff\x00"


@pytest.mark.parametrize(
    "address",
    [
        "nobody",
        "a@b\r\nBcc: evil@evil.example",
        "ünal@ingen.example",
        "<>",
        "a@b@c",
        '"quoted name" <a@ingen.example>',
        "Reyes, Ana",
        "group: a@ingen.example;",
        "x" * 5_000,
        "\x00\x07",
    ],
)
def test_what_is_no_address_does_not_break_the_file(site: Site, sim: Simulator, address: str) -> None:
    overrides = {"cc_address": "{{ address }}", "from_name": "{{ address }}"}
    parsed = download(site, send(sim, Send("email", overrides=overrides), data={"address": address}))
    assert parsed["bcc"] is None
    assert len(parsed["from"].addresses) == 1
    assert parsed["from"].addresses[0].addr_spec.partition("@")[2] == "knock.invalid"
    assert parsed["cc"] is None or parsed["cc"].addresses


@pytest.mark.parametrize("address", ["(" * 1_500, ":" * 1_500])
def test_thousands_of_brackets_are_written_as_a_name(site: Site, sim: Simulator, address: str) -> None:
    message = send(sim, Send("email", overrides={"cc_address": "{{ address }}"}), data={"address": address})
    assert site.http.get(f"/messages/{message}/email.eml").status_code == 200


def test_a_subject_has_one_line(site: Site, sim: Simulator) -> None:
    template = {"subject": "{{ s }}", "html_body": "<p>"}
    parsed = download(site, send(sim, Send("email", template=template), data={"s": "a\r\nBcc: evil@evil.example\x00"}))
    assert (parsed["subject"], parsed["bcc"]) == ("a Bcc: evil@evil.example", None)


def test_headers_of_commercial_emails_are_kept(site: Site, sim: Simulator) -> None:
    sim.workflow("news", channels=["email"], commercial=True)
    with sim.client() as client:
        client.workflows.trigger("news", recipients=[{"id": "ana", "email": "ana@lumen.example"}])
    parsed = download(site, sim.messages()[0].id)
    assert parsed["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert parsed["list-unsubscribe"].startswith("<http")


@pytest.mark.parametrize(
    "text",
    [
        "=?utf-8?q?=0D=0AX-Evil:_1?=",
        "=?utf-8?b?DQpYLUV2aWw6IDE=?=",
        '"=?utf-8?b?DQpYLUV2aWw6IDE=?=" <a@ingen.example>',
        '"=\\?utf-8?b?DQpYLUV2aWw6IDE=?=" <a@ingen.example>',
    ],
)
def test_encoded_words_bring_no_headers(site: Site, sim: Simulator, text: str) -> None:
    step = Send(
        "email",
        template={"subject": "{{ t }}", "html_body": "<p>"},
        overrides={"cc_address": "{{ t }}", "from_name": "{{ t }}", "reply_to_address": "{{ t }}"},
    )
    file = {"name": text, "content_type": text, "content": ""}
    parsed = download(site, send(sim, step, data={"t": text, "attachments": [file]}))
    for part in parsed.walk():
        assert "x-evil" not in part


@pytest.mark.parametrize("value", ["garbage <", "(" * 1_500, "a@ingen.example, b@ingen.example"])
def test_headers_that_cannot_be_written_are_left_out(value: str) -> None:
    message: Any = SimpleNamespace(
        id="m", inserted_at=START, contents={}, call={"headers": {"Sender": value, "sender": value, "X-Kept": "yes"}}
    )
    parsed = message_from_bytes(build(message), policy=default)
    assert parsed["x-kept"] == "yes"
