"""How clients are created, and copied with other settings."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from ..._core.client_options import ClientOptions
from ..._sync.client import Knock
from ...errors._hints import KEYWORDS
from ..analysis.values import Symbol
from ..vendor.names import HTTP_CLIENTS, THEIRS
from .arguments import Item, items_of_call, with_items
from .chains import renamed
from .signatures import given_in, literal
from .timeouts import simplify

if TYPE_CHECKING:
    from ..analysis.values import Client, Member
    from .draft import Draft

_SETTINGS = frozenset(inspect.signature(Knock.__init__).parameters) - {"self"}
_BY_POSITION = ("api_key", "host", "timeout")
_NAMES = {"host": "base_url", "bearer_token": "api_key", "_strict_response_validation": "strict"}
_LOCAL = re.compile(r"http://(localhost|127\.|\[::1\])|https://")


def create(draft: Draft, call: cst.Call, created: Client) -> None:
    """Decide about the creation of a client."""
    given = given_in(call)
    if given.dynamic and draft.age != "1.x":
        text = f"settings with * or **: check that they are those of {_class(created)}: {', '.join(sorted(_SETTINGS))}"
        draft.undecided("calls", call, "settings", text)
        return
    names = [_BY_POSITION[number] if number < len(_BY_POSITION) else "" for number in range(len(given.positional))]
    wanted = {name: _NAMES.get(name, name) for name in (*names, *given.named)}
    unknown = sorted(name for name, here in wanted.items() if here not in _SETTINGS)
    if unknown or len(set(wanted.values())) != len(names) + len(given.named):
        hint = next((KEYWORDS["new"][name] for name in unknown if name in KEYWORDS["new"]), "it is no setting here")
        draft.undecided("calls", call, "settings", f"{', '.join(unknown) or 'a setting'}: {hint}")
        return
    timeout = given.named.get("timeout") or (given.positional[2] if len(names) > 2 else None)
    if timeout is not None and not simplify(draft, timeout):
        draft.counts["calls"].undecided += 1
        return
    dropped = _http_client(draft, given.named.get("http_client"))
    base_url = (
        given.named.get("base_url") or given.named.get("host") or (given.positional[1] if len(names) > 1 else None)
    )
    url = None if base_url is None else literal(base_url.value)
    insecure = url is not None and not _LOCAL.match(url) and "allow_http" not in given.named
    changed = any(name != here for name, here in wanted.items()) or bool(names) or dropped or insecure
    if not changed:
        nested = timeout is not None and draft.is_changed(timeout.value)
        (draft.changed if nested else draft.right)("calls")
        return

    def change(updated: cst.Call) -> cst.Call:
        items: list[Item] = []
        positions = iter(names)
        for item in items_of_call(updated):
            if item.star:
                items.append(item)
                continue
            name = item.name or next(positions)
            if not (dropped and name == "http_client"):
                items.append(replace(item, name=_NAMES.get(name, name)))
            if insecure and _NAMES.get(name, name) == "base_url":
                items.append(Item(cst.Name("True"), "allow_http", indent=item.indent))
        return with_items(updated, items)

    draft.change(call, change)
    draft.changed("calls")


def _class(client: Client) -> str:
    return "AsyncKnock" if client.asynchronous else "Knock"


def _http_client(draft: Draft, argument: cst.Arg | None) -> bool:
    """Return whether the HTTP client is one that this package needs not."""
    if argument is None or not isinstance(argument.value, cst.Call) or argument.value.args:
        return False
    value = draft.value(argument.value.func)
    if isinstance(value, Symbol) and value.path == f"{THEIRS}.DefaultAioHttpClient":
        draft.claim(argument.value.func)
        draft.claim(argument.value)
        return True
    return False


def http_client(draft: Draft, call: cst.Call, path: str) -> None:
    """Decide about the creation of an HTTP client with the vendor's settings; limits and redirects are its own."""
    name = HTTP_CLIENTS[path.rpartition(".")[2]]
    draft.claim(call.func)
    if not name or any(each.star for each in call.args):
        text = (
            "this HTTP client has no counterpart: pass an httpx client, or leave it out to use the client's own engine"
        )
        draft.undecided("calls", call, "http-clients", text)
        return
    given = {each.keyword.value for each in call.args if each.keyword is not None}

    def change(updated: cst.Call) -> cst.Call:
        items = items_of_call(updated)
        if "timeout" not in given:  # those of the Knock client apply then, instead of httpx's five seconds
            items.append(Item(cst.Name("None"), "timeout", indent=items[-1].indent if items else None))
        return with_items(updated, items)

    draft.change(call, change)
    draft.replace(call.func, name)
    draft.needed.add("httpx")
    draft.changed("calls")


def copy(draft: Draft, call: cst.Call, called: Member) -> None:
    """Decide about a copy of a client with other settings."""
    given = given_in(call)
    unknown = sorted(given.named.keys() - ClientOptions.__annotations__.keys())
    if unknown or given.positional:
        hints = [KEYWORDS["with_options"].get(name, "it is no setting of a copy") for name in unknown]
        text = f"{', '.join(unknown) or 'settings by position'}: {hints[0] if hints else 'name each'}"
        draft.undecided("calls", call, "settings", text)
        return
    timeout = given.named.get("timeout")
    if timeout is not None and not simplify(draft, timeout):
        draft.counts["calls"].undecided += 1
        return
    if called.path == "copy" and (change := renamed(draft, call.func, "with_options")) is not None:
        draft.change(call.func, change)
        draft.changed("calls")
    elif timeout is not None and draft.is_changed(timeout.value):
        draft.changed("calls")
    else:
        draft.right("calls")
