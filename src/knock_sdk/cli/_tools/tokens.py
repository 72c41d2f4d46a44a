"""`knock-sdk token`: sign a user token."""

from __future__ import annotations

import os
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Annotated

import typer

from .._console import print_json, print_line
from .._errors import MISUSED, fail, naming
from .._groups import new_group
from .._inputs import read_duration, read_secret
from .._options import JSONOutput, UserId

if TYPE_CHECKING:
    from ...user_tokens import TokenEntity, UserTokenGrant

app = new_group()


@app.command(
    "token", epilog="Example: knock-sdk token jhammond --expires 15m --grant tenants/ingen=slack/channels_read"
)
def token(
    user_id: UserId,
    *,
    grant: Annotated[
        list[str] | None,
        typer.Option(
            "--grant",
            metavar="ENTITY=NAMES",
            help="What the token allows on users/ID, tenants/ID or objects/COLLECTION/ID; names of grants, with commas"
            " between. May be repeated.",
        ),
    ] = None,
    explicit: Annotated[
        bool, typer.Option("--explicit", help="Let the token allow nothing but what is granted.")
    ] = False,
    expires: Annotated[str, typer.Option(metavar="TIME", help="Time until it expires: 90s, 15m, 1h, 7d.")] = "1h",
    jti: Annotated[bool, typer.Option("--jti", help="Give the token a random id.")] = False,
    key_file: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="A file with the private key, - for standard input; $KNOCK_SIGNING_KEY if left out.",
        ),
    ] = None,
    json: JSONOutput = False,
) -> None:
    r"""Sign a token with which a browser or an app acts for a user, and print it.

    It needs the extra: pip install 'knock-sdk\[tokens]'.
    """
    from ...user_tokens import sign_user_token
    from ...user_tokens._keys import VARIABLE

    now = datetime.now(timezone.utc).replace(microsecond=0)
    duration = read_duration(expires, "--expires")
    signing_key = read_secret(key_file, "--key-file")
    if signing_key is None and not os.environ.get(VARIABLE):
        fail(f"there is no signing key: set {VARIABLE}, or name a file with --key-file", MISUSED)
    with naming(signing_key="--key-file", expires_in="--expires", user_id="USER", entity="--grant"):
        signed = sign_user_token(
            user_id,
            signing_key=signing_key,
            expires_in=duration,
            grants=[_read_grant(text) for text in grant] if grant else None,
            explicit_grants=explicit,
            jti=jti,
            now=now,
        )
    if json:
        print_json({"token": signed, "user_id": user_id, "expires_at": now + duration})
    else:
        print_line(signed)


def _read_grant(text: str) -> UserTokenGrant:
    """Return a grant that was given as `tenants/ingen=slack/channels_read`."""
    from ...user_tokens import build_user_token_grant

    place, sign, names = text.rpartition("=")
    entity = _read_entity(place)
    listed = [name.strip() for name in names.split(",")]
    if not sign or entity is None or not all(listed):
        raise typer.BadParameter(
            f"{text!r} is not ENTITY=NAMES, such as tenants/ingen=slack/channels_read.", param_hint="--grant"
        )
    return build_user_token_grant(entity, listed)


def _read_entity(text: str) -> TokenEntity | None:
    """Return an entity that was given as `users/jhammond`; ids may contain slashes. None if it is none."""
    kind, _, rest = text.partition("/")
    if kind == "users" and rest:
        return {"type": "user", "id": rest}
    if kind == "tenants" and rest:
        return {"type": "tenant", "id": rest}
    collection, slash, object_id = rest.partition("/")
    if kind == "objects" and collection and slash and object_id:
        return {"type": "object", "collection": collection, "id": object_id}
    return None
