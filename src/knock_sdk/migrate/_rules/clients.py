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
from .._analysis.values import Symbol
from .._vendor.names import HTTP_CLIENTS, THEIRS
from .arguments import Item, items_of_call, with_items
from .chains import renamed
from .signatures import given_in, literal
from .timeouts import simplify

if TYPE_CHECKING:
    from .._analysis.values import Client, Member
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
    names = [*_BY_POSITION[: len(given.positional)], *[""] * (len(given.positional) - len(_BY_POSITION))]
    arguments = {**dict(zip(names, given.positional, strict=True)), **given.named}
    settings = {_NAMES.get(name, name): argument for name, argument in arguments.items()}
    unknown = sorted(name for name in arguments if _NAMES.get(name, name) not in _SETTINGS)
    if unknown or len(settings) != len(call.args) - sum(bool(each.star) for each in call.args):
        hint = next((KEYWORDS["new"][name] for name in unknown if name in KEYWORDS["new"]), "it is no setting here")
        draft.undecided("calls", call, "settings", f"{', '.join(unknown) or 'a setting'}: {hint}")
        return
    _create(draft, call, settings, names)


def _create(draft: Draft, call: cst.Call, settings: dict[str, cst.Arg], names: list[str]) -> None:
    timeout = settings.get("timeout")
    is_plain = timeout is None or simplify(draft, timeout)
    dropped = _http_client(draft, settings.get("http_client"))
    insecure = "allow_http" not in settings and _is_insecure(settings.get("base_url"))
    is_renamed = any(each.keyword is None or each.keyword.value != name for name, each in settings.items())
    changed = is_renamed or dropped or insecure
    if not is_plain:
        draft.counts["calls"].undecided += 1
    elif changed or (timeout is not None and draft.is_changed(timeout.value)):
        draft.changed("calls")
    else:
        draft.right("calls")
    if not changed:
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


def _is_insecure(base_url: cst.Arg | None) -> bool:
    """Return whether a URL needs to be allowed: one without TLS, of another machine."""
    url = None if base_url is None else literal(base_url.value)
    return url is not None and not _LOCAL.match(url)


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
    if not name or any(each.star for each in call.args):
        text = (
            "this HTTP client has no counterpart: pass an httpx client, or leave it out to use the client's own engine"
        )
        draft.undecided("calls", call, "http-clients", text)
        return
    draft.claim(call.func)
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
