"""Arguments of a wrong type: each error names the argument and what it takes, and nothing is declared."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk.testing import Batch, Delay, Send, Simulator, Throttle

if TYPE_CHECKING:
    from collections.abc import Callable

MINUTES = "takes a duration, such as timedelta(minutes=5), not"
MOMENT = "such as datetime(2026, 1, 5, tzinfo=timezone.utc)"
STEPS = "takes steps such as Send('email'), not"
OPERATION = "operation: takes a method of the client"


class Receiver:
    async def __call__(self, body: bytes, headers: dict[str, str]) -> int:
        return 200


class NoOffset(tzinfo):
    """A zone that does not know its offset, so that a time in it is as one without a zone."""

    def utcoffset(self, _: datetime | None) -> None:
        return None


WRONG: list[tuple[Callable[[Any], object], str]] = [
    (
        lambda sim: sim.slow("users.get", 5),
        "seconds: takes a number, not str; the operation comes after it: slow(2.5, ",
    ),
    (lambda sim: sim.click(5, "https://x.example"), "message: takes one of messages(), or its id, not int"),
    (lambda sim: sim.click("id", None), "url: takes a URL, not NoneType"),
    (
        lambda sim: sim.fail_bulk_operations(5),
        "name: takes the name of a bulk operation, such as 'users.identify', not",
    ),
    (lambda sim: sim.cohort(5, "A"), "step: takes the reference of a step, such as 'random_cohort_1', not int"),
    (lambda sim: sim.cohort("a", None), "name: takes the name of a cohort, not NoneType"),
    (
        lambda sim: sim.cohort("a", "A", to={"collection": "x"}),
        "to: takes a user's id, or an object's id and collection;",
    ),
    (lambda sim: sim.cohort("a", "A", to={"id": ["x"]}), "to.id: takes text, not list"),
    (lambda sim: sim.delivery("email", outcome="bounced", to={}), "to: takes a user's id, or an object's id and"),
    (lambda sim: sim.delivery("email", outcome="bounced", to=5), "to: takes a user's id, or an object's id and"),
    (lambda sim: sim.channel_group("g", ["sms", 5]), "channels: takes keys of channels and ChannelRule, not int"),
    (lambda sim: sim.event("paid", source="shop", user={}), "user: takes the id of a user, not dict"),
    (lambda sim: sim.guide("tour", steps=["a"]), "steps: takes the content of each step, by its reference, not list"),
    (lambda sim: sim.slow(True), "seconds: takes a number, not bool"),
    (lambda sim: sim.slow(1, 5), f"{OPERATION}, such as 'users.get', or a function, not int"),
    (lambda sim: sim.fail(503), "not int; pass other values by name, such as status=503"),
    (lambda sim: sim.fail(status="503"), "status: takes a number, such as 503, not str"),
    (lambda sim: sim.fail(retry_after="1"), "retry_after: takes a number of seconds, not str"),
    (lambda sim: sim.fail(next="2"), "next: takes a number of requests, or None for all, not str"),
    (lambda sim: sim.drop("after"), f"{OPERATION}, not 'after'; pass when='after'"),
    (lambda sim: sim.malform("html"), f"{OPERATION}, not 'html'; pass kind='html'"),
    (
        lambda sim: sim.advance(3600),
        "wait: takes a timedelta, not int; pass numbers as days=, hours=, minutes= or seconds=",
    ),
    (lambda sim: sim.advance(days="1"), "days: takes a number, not str"),
    (lambda sim: sim.advance(weeks=9_000_000), "the clock can be advanced to the year 9999 at most"),
    (lambda sim: sim.advance(hours=float("inf")), "the clock can be advanced to the year 9999 at most"),
    (lambda sim: sim.advance(hours=float("nan")), "hours: takes a number, not nan"),
    (
        lambda sim: sim.load_workflows(".", unsupported="skp"),
        "unsupported: 'skp' is not one of refuse, skip; did you mean",
    ),
    (lambda sim: sim.advance_to("2026-01-05"), f"moment: takes a time, {MOMENT}, not str"),
    (lambda sim: sim.advance_to(datetime(2026, 1, 5)), f"moment: takes a time with a time zone, {MOMENT}"),  # noqa: DTZ001
    (
        lambda sim: sim.advance_to(datetime(2026, 1, 5, tzinfo=NoOffset())),
        f"moment: takes a time with a time zone, {MOMENT}",
    ),
    (lambda sim: type(sim)(now="2026"), f"now: takes a time, {MOMENT}, not str"),
    (lambda sim: sim.workflow("w", delay=5), f"delay: {MINUTES} int"),
    (lambda sim: sim.workflow("w", batch=3600), f"batch: {MINUTES} int"),
    (lambda sim: sim.workflow("w", steps=Send("email")), "steps: takes a list of steps, not a single one"),
    (lambda sim: sim.workflow("w", steps=["email"]), f"workflow w: {STEPS} str"),
    (lambda sim: sim.workflow("w", steps=[Delay(5)]), f"workflow w, step delay_1: wait: {MINUTES} int"),  # type: ignore[arg-type]
    (lambda sim: sim.workflow("w", steps=[Throttle("1h")]), f"step throttle_1: window: {MINUTES} str"),  # type: ignore[arg-type]
    (lambda sim: sim.workflow("w", steps=[Batch(until="x", sliding_limit=1)]), f"sliding_limit: {MINUTES} int"),  # type: ignore[arg-type]
    (
        lambda sim: sim.workflow("w", channels=["email"], templates="Hi"),
        "templates: takes templates by the key of their",
    ),
    (lambda sim: sim.workflow("w", channels=["email"], templates={"email": "Hi"}), "takes the texts of a template by"),
    (
        lambda sim: sim.workflow("w", trigger_frequency="once"),
        "trigger_frequency: 'once' is not one of every_trigger",
    ),
    (lambda sim: sim.workflow(["w"]), "key: takes the key of the workflow, not list"),
    (lambda sim: sim.workflow("w", categories=5), "categories: takes a list, not int"),
    (lambda sim: sim.workflow("w", channels=[5]), "channels: takes a list of strings, not of int"),
    (lambda sim: sim.workflow("w", active="no"), "active: takes True or False, not str"),
    (lambda sim: sim.workflow("w", data_schema=True), "data_schema: takes a JSON schema, not bool"),
    (lambda sim: sim.channel(["email"]), "key: takes the key of the channel, not list"),
    (lambda sim: sim.channel("email", provider=5), "provider: takes text, not int"),
    (lambda sim: sim.channel("email", sandbox="yes"), "sandbox: takes True or False, not str"),
    (lambda sim: sim.audience(["pro"]), "key: takes the key of the audience, not list"),
    (lambda sim: sim.audience("pro", workflows="w"), "workflows: takes a list, not one string"),
    (lambda sim: sim.audience("pro", workflows=[{}]), "workflows: takes a list of strings, not of dict"),
    (lambda sim: sim.set_variables("x"), "variables: takes values by name, not str"),
    (
        lambda sim: sim.delivery("email", outcome="bounced", failures="1"),
        "failures: takes a number of attempts, not str",
    ),
    (lambda sim: sim.fail_bulk_operations(next="1"), "next: takes a number of operations, not str"),
    (lambda sim: sim.slack("xoxb", channels="general"), "channels: takes a list, not one string"),
    (lambda sim: sim.ms_teams("t", teams=["A"]), "teams: takes lists of channels by the name of their team, not list"),
    (lambda sim: type(sim)(default_preferences=5), "default_preferences: takes a preference set, not int"),
    (lambda sim: sim.messages(to=5), "to: takes a user's id, or an object's id and collection, not int"),
    (lambda sim: sim.assert_sent(to=["ana"]), "to: takes a user's id, or an object's id and collection, not list"),
    (lambda sim: sim.assert_not_sent(data=5), "data: takes values by name, not int"),
    (lambda sim: sim.assert_not_sent(contains=5), "contains: takes text, not int"),
    (lambda sim: sim.assert_triggered("w", data=5), "data: takes values by name, not int"),
    (lambda sim: sim.serve(port="8400").__enter__(), "port: takes a number from 0 to 65535, not str"),
    (lambda sim: sim.serve(port=99999).__enter__(), "port: takes a number from 0 to 65535, not 99999"),
    (lambda sim: sim.webhook(5), "target: takes a URL, or a function of the body and the headers, not int"),
    (lambda sim: sim.webhook("x.example"), "target: takes a URL that begins with http:// or https://, not 'x.example'"),
    (lambda sim: sim.webhook("ftp://x.example"), "target: takes a URL that begins with http:// or https://, not 'ftp"),
    (lambda sim: sim.webhook("http://"), "target: takes a URL that begins with http:// or https://, not 'http://'"),
    (lambda sim: sim.webhook("http://[::"), "target: 'http://[::' is not a URL: "),
    (lambda sim: sim.webhook(print, "message.sent"), "events: takes a list, not one string"),
    (lambda sim: sim.webhook(print, [5]), "events: takes a list of strings, not of int"),
    (
        lambda sim: sim.webhook(print, ["message.bounce"]),
        "events: no webhook gets 'message.bounce'; did you mean 'message.bounced'?",
    ),
    (lambda sim: sim.webhook(print, ["message.created"]), "events: no webhook gets 'message.created'"),
    (lambda sim: sim.webhook(print, secret=5), "secret: takes a text, not int"),
    (lambda sim: sim.webhook(print, secret=" "), "secret: is empty or has white space around it; leave it out"),
    (lambda sim: sim.webhook(print, secret="a\n"), "secret: is empty or has white space around it; leave it out"),
    (lambda sim: sim.webhook("http://a..b/"), "target: 'http://a..b/' is not a URL: its host or port cannot exist"),
    (lambda sim: sim.webhook("http://x:99999"), "target: 'http://x:99999' is not a URL: "),
    (lambda sim: sim.webhook("http://x/\ud800"), "target: 'http://x/\\ud800' is not a URL: "),
    (lambda sim: sim.webhook(lambda body: 200), "target: the function must take the body and the headers: "),
    (lambda sim: sim.webhook(Receiver()), "target: takes a plain function, not a coroutine function"),
    (lambda sim: sim.remove_webhook("http://x/"), "target: there is no webhook http://x/"),
    (lambda sim: sim.wait_for_webhooks("1"), "timeout: takes a number of seconds, not str"),
    (lambda sim: sim.restore(b"state"), "snapshot: takes what snapshot() returned, not bytes"),
    (lambda sim: sim.click("m1", "https://x.example"), "there is no message 'm1'; pass one of messages(), or its id"),
]


@pytest.mark.parametrize(("call", "problem"), WRONG, ids=[problem for _, problem in WRONG])
def test_the_error_names_the_argument_and_what_it_takes(call: Callable[[Any], object], problem: str) -> None:
    sim = Simulator()
    with pytest.raises((LookupError, TypeError, ValueError)) as caught:
        call(sim)
    assert problem in str(caught.value.args[0])
    sim.client().workflows.trigger("w", recipients=[{"id": "ana"}])  # undeclared, so it runs
    assert len(sim.requests) == 1
    sim.assert_sent(to="ana", workflow="w")
