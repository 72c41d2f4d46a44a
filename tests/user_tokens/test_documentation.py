"""`docs/user-tokens.md`: its view works, and its tables are those of the code."""

from __future__ import annotations

import inspect
import re
import typing
from typing import Any

import httpx
import pytest

from knock_sdk.testing import Simulator
from knock_sdk.testing.http.contract_data import load_contract
from knock_sdk.testing.http.public_access import RULES
from knock_sdk.user_tokens import GrantName, build_user_token_grant, sign_user_token
from tests.simulator.support.pair import PUBLIC as PUBLIC_KEY
from tests.simulator.support.pair import http
from tests.support.paths import ROOT
from tests.support.samples import compiled, samples_of
from tests.support.signing_keys import PRIVATE, PUBLIC, claims_of

PAGE = (ROOT / "docs" / "user-tokens.md").read_text(encoding="utf-8")


def rows_below(heading: str) -> list[list[str]]:
    """Return the cells of the first table whose head begins with a text."""
    lines = PAGE.partition(f"\n| {heading}")[2].splitlines()
    table = [line for line in lines[2:] if line.startswith("|") or not line][: lines[2:].index("")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table]


@pytest.mark.anyio
async def test_the_view_returns_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNOCK_SIGNING_KEY", PRIVATE)
    (example,) = (sample for sample in samples_of("docs/user-tokens.md") if "FastAPI" in sample.code)
    names: dict[str, Any] = {"__name__": "user_tokens"}
    exec(compiled(example), names)
    transport = httpx.ASGITransport(app=names["app"])
    async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
        response = await client.post("/knock-token", headers={"x-user": "ana"})
    claims = claims_of(response.json()["token"])
    assert (claims["sub"], claims["exp"] - claims["iat"]) == ("ana", 900)


def test_every_argument_has_a_line() -> None:
    documented = [row[0].strip("`") for row in rows_below("argument")]
    assert documented == list(inspect.signature(sign_user_token).parameters)


def test_every_claim_has_a_line() -> None:
    everything = sign_user_token("ana", signing_key=PRIVATE, grants=[], jti=True, explicit_grants=True)
    documented = [row[0].strip("`") for row in rows_below("claim")]
    assert set(documented) == set(claims_of(everything))


def test_the_table_of_grants_is_that_of_the_simulator() -> None:
    table = {row[0].strip("`"): re.findall(r"`([^`]+)`", row[2]) for row in rows_below("grant |")}
    assert set(table) == set(typing.get_args(GrantName))
    contract = load_contract()["operations"]
    for operation, rule in RULES.items():
        method = contract[operation].get("method")
        if method is None or method.startswith("messages.batch."):
            continue  # older operations, which no method calls; and "the same of `messages.batch`"
        found = [name for name, known in table.items() if any(fits(method, each) for each in known)]
        assert found == [rule.grant], method


def fits(method: str, documented: str) -> bool:
    start, dots, _ = documented.partition("…")
    return method.startswith(start) if dots else method == documented


IN_WORDS: dict[str, Any] = {
    "none": {},
    "none, explicit": {"explicit_grants": True},
    **{
        f"{title}{', explicit' if explicit else ''}": {
            "explicit_grants": explicit,
            "grants": [build_user_token_grant(entity, [name]) for entity, name in parts],
        }
        for explicit in (False, True)
        for title, parts in (
            ("`user/feed_read` on the user", [({"type": "user", "id": "ana"}, "user/feed_read")]),
            ("`user/feed_read` on `acme`", [({"type": "tenant", "id": "acme"}, "user/feed_read")]),
            (
                "`user/feed_read` on `acme` and on the user",
                [
                    ({"type": "tenant", "id": "acme"}, "user/feed_read"),
                    ({"type": "user", "id": "ana"}, "user/feed_read"),
                ],
            ),
            ("`slack/channels_read` on `acme`", [({"type": "tenant", "id": "acme"}, "slack/channels_read")]),
        )
    },
}


def test_every_row_of_the_table_of_tenants_is_read() -> None:
    assert len(rows_below("grants |")) == 7


@pytest.mark.parametrize("row", rows_below("grants |"), ids=lambda row: row[0])
def test_the_table_of_tenants(row: list[str]) -> None:
    sim = Simulator(signing_key=PUBLIC)
    token = sign_user_token("ana", signing_key=PRIVATE, now=sim.now, **IN_WORDS[row[0]])
    feed = f"/v1/users/ana/feeds/{sim.channel('in_app_feed').id}"
    found = [
        http(sim, "GET", feed + query, key=PUBLIC_KEY, x_knock_user_token=token)[0].status
        for query in ("?tenant=acme", "?tenant=x", "")
    ]
    assert found == [{"yes": 200, "no": 403}[answer] for answer in row[1:]]
