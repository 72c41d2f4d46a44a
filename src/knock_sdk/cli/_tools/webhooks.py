"""`knock-sdk webhook`: signatures of requests from Knock, checked, made and received."""

from __future__ import annotations

import json as json_module
import os
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..._core.type_guards import is_mapping
from ...webhooks._secrets import VARIABLE, hide
from ...webhooks._secrets import check as check_secrets
from .._console import clean, print_json, print_line, print_record
from .._errors import FAILED, MISUSED, fail, naming
from .._groups import new_group
from .._inputs import read_bytes, read_moment, read_secret
from .._options import JSONOutput

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...types import Event

app = new_group()

Body = Annotated[str, typer.Argument(metavar="FILE", help="The raw body of the request; - for standard input.")]
SecretFile = Annotated[
    str | None,
    typer.Option(
        "--secret-file", metavar="FILE", help="A file with the webhook's secret; $KNOCK_WEBHOOK_SECRET if left out."
    ),
]


@app.command(
    "verify", epilog="Example: knock-sdk webhook verify body.json --header 'x-knock-signature: t=1767603600000,s=…'"
)
def verify(
    body_file: Body = "-",
    *,
    signature: Annotated[
        str | None, typer.Option(metavar="TEXT", help="The signature: t=<milliseconds>,s=<base64>.")
    ] = None,
    header: Annotated[
        list[str] | None,
        typer.Option("--header", "-H", metavar="NAME: VALUE", help="A header of the request. May be repeated."),
    ] = None,
    header_name: Annotated[
        str,
        typer.Option(metavar="NAME", help="Header with the signature; x-webhook-signature for webhook channels."),
    ] = "x-knock-signature",
    secret_file: SecretFile = None,
    tolerance: Annotated[
        float, typer.Option(min=0, metavar="SECONDS", help="How old or new the signature may be.")
    ] = 300.0,
    any_age: Annotated[
        bool, typer.Option("--any-age", help="Accept a signature of any age, as of a saved request.")
    ] = False,
    json: JSONOutput = False,
) -> None:
    """Check that a request came from Knock, and say what is wrong if it did not.

    The exit status is 1 if the signature is not valid.
    """
    from ... import webhooks

    headers: list[tuple[str, str]] | str | None = signature
    if header:
        headers = [_read_header(text) for text in header]
    if headers is None:
        raise typer.BadParameter("Pass the signature of the request, with --signature or --header.")
    body = read_bytes(body_file, "FILE")
    secret = read_secret(secret_file, "--secret-file")

    def check(content: bytes) -> None:
        webhooks.verify(content, headers, secret=secret, tolerance=None if any_age else tolerance, header=header_name)

    try:
        with naming(secret="--secret-file" if secret_file else VARIABLE, header="--header-name"):
            check(body)
    except webhooks.WebhookError as error:
        advice = ""
        if isinstance(error, webhooks.SignatureMismatchError):
            advice = next((text for content, text in _variants(body) if _is_right(check, content)), "")
        problem = f"{error}. {advice}".rstrip()
        if json:
            print_json({"valid": False, "error": type(error).__name__, "problem": problem})
            raise typer.Exit(FAILED) from None
        fail(problem)
    try:
        event = webhooks.unwrap(body, headers, secret=secret, tolerance=None, header=header_name)
    except webhooks.WebhookPayloadError:
        print_record({"signature": "valid", "event": None}, {"valid": True, "event": None}, as_json=json)
        return
    print_record({"signature": "valid", **fields_of(event)}, {"valid": True, "event": event}, as_json=json)


@app.command("sign", epilog='Example: curl -H "$(knock-sdk webhook sign body.json)" --data-binary @body.json URL')
def sign(
    body_file: Body = "-",
    *,
    secret_file: SecretFile = None,
    at: Annotated[
        str | None, typer.Option(metavar="TIME", help="When it is signed, in ISO 8601; now if left out.")
    ] = None,
    json: JSONOutput = False,
) -> None:
    """Print the header with which Knock would send a body, for tests of a handler."""
    from ...webhooks import sign

    body = read_bytes(body_file, "FILE")
    moment = None if at is None else read_moment(at, "--at")
    secret = _secret_of(secret_file)
    with naming(at="--at"):
        headers = sign(body, secret=secret, at=moment)
    if json:
        print_json(headers)
        return
    for name, value in headers.items():
        print_line(f"{name}: {value}")


@app.command("listen", epilog="Example: knock-sdk webhook listen --port 9000 --json | jq .type")
def listen(
    *,
    port: Annotated[
        int, typer.Option(min=0, max=65535, metavar="PORT", help="Port to listen on, 0 for a free one.")
    ] = 9000,
    secret_file: SecretFile = None,
    count: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="End after this many events; with Ctrl-C if left out.")
    ] = None,
    json: JSONOutput = False,
) -> None:
    """Receive events on this machine, check their signatures, and print them.

    Point a Knock on this machine at it: knock-sdk simulate --webhook http://localhost:9000 --webhook-secret SECRET.
    """
    from .listening import receive

    for event in receive(port, _secret_of(secret_file), count):
        if json:
            print_line(json_module.dumps(event.model_dump(mode="json", by_alias=True), ensure_ascii=False))
        else:
            print_line("\t".join("" if value is None else clean(str(value)) for value in fields_of(event).values()))


def fields_of(event: Event) -> dict[str, object]:
    """Return what is shown of an event."""
    data: Any = event.data
    shown = data if is_mapping(data) else {name: getattr(data, name, None) for name in ("id", "recipient")}
    return {
        "type": event.type,
        "created": event.created_at,
        "id": shown.get("id"),
        "recipient": shown.get("recipient"),
    }


def _secret_of(file: str | None) -> str:
    secret = read_secret(file, "--secret-file") if file is not None else os.environ.get(VARIABLE)
    if secret is None:
        fail(f"there is no secret: set {VARIABLE}, or name a file with --secret-file", MISUSED)
    with naming(secret="--secret-file" if file is not None else VARIABLE):
        check_secrets(hide([secret]))
    return secret


def _read_header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        raise typer.BadParameter("It is not NAME: VALUE.", param_hint="--header")
    return name.strip(), value.strip()


def _variants(body: bytes) -> Iterator[tuple[bytes, str]]:
    """Yield bodies that may have been signed instead, and what to say if one was."""
    yield body.rstrip(b"\r\n"), "It fits the body without the line break at its end: save the body as it was received."
    yield body.replace(b"\r\n", b"\n"), "It fits the body with other line breaks: save the body as it was received."
    try:
        value = json_module.loads(body)
    except ValueError:
        return
    for separators in ((",", ":"), (", ", ": ")):
        for ascii_only in (False, True):
            text = json_module.dumps(value, separators=separators, ensure_ascii=ascii_only)
            yield (
                text.encode("utf-8", "surrogatepass"),
                " It fits the same JSON with other white space: save the body as it was received.",
            )


def _is_right(check: object, content: bytes) -> bool:
    from ...webhooks import WebhookError

    assert callable(check)  # noqa: S101
    try:
        check(content)
    except WebhookError:
        return False
    return True
