"""Each method of knockapi 0.5: its migration asks the API for what the method asked for."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from knock_sdk import KnockError
from knock_sdk.migrate import migrate_source
from knock_sdk.migrate._analysis.client_methods import method
from knock_sdk.migrate._vendor.old_methods import OLD_METHODS, STATUS_METHODS
from knock_sdk.testing import Simulator

SET = "/preferences/default"
# What follows the client, the arguments, and what 0.5 sends: method, path without /v1, and query or body.
CALLS: list[tuple[str, str, str, str, dict[str, Any]]] = [
    ("notify", '"w", ["u"], {"a": 1}', "POST", "/workflows/w/trigger", {"recipients": ["u"], "data": {"a": 1}}),
    ("cancel_notify", 'name="w", cancelation_key="c"', "POST", "/workflows/w/cancel", {"cancellation_key": "c"}),
    ("workflows.trigger", '"w", ["u"], actor="v", tenant="t"', "POST", "/workflows/w/trigger",
     {"recipients": ["u"], "actor": "v", "tenant": "t"}),
    ("workflows.cancel", '"w", "c", ["u"]', "POST", "/workflows/w/cancel",
     {"cancellation_key": "c", "recipients": ["u"]}),
    ("workflows.create_schedules", '"w", ["u"], [{"frequency": "daily"}], tenant="t"', "POST", "/schedules",
     {"workflow": "w", "recipients": ["u"], "repeats": [{"frequency": "daily"}], "tenant": "t"}),
    ("workflows.update_schedules", '["s"], {"data": {"a": 1}}', "PUT", "/schedules",
     {"schedule_ids": ["s"], "data": {"a": 1}}),
    ("workflows.list_schedules", '"w", {"page_size": 5}', "GET", "/schedules", {"workflow": "w", "page_size": 5}),
    ("workflows.delete_schedules", '["s"]', "DELETE", "/schedules", {"schedule_ids": ["s"]}),
    ("users.get_user", '"u"', "GET", "/users/u", {}),
    ("users.get", 'id="u"', "GET", "/users/u", {}),
    ("users.list", '{"page_size": 5, "after": "x"}', "GET", "/users", {"page_size": 5, "after": "x"}),
    ("users.identify", '"u", {"name": "N", "plan": "pro"}', "PUT", "/users/u", {"name": "N", "plan": "pro"}),
    ("users.bulk_identify", '[{"id": "u"}]', "POST", "/users/bulk/identify", {"users": [{"id": "u"}]}),
    ("users.bulk.update", '[{"id": "u"}]', "POST", "/users/bulk/identify", {"users": [{"id": "u"}]}),
    ("users.delete", 'id="u"', "DELETE", "/users/u", {}),
    ("users.bulk_delete", '["u"]', "POST", "/users/bulk/delete", {"user_ids": ["u"]}),
    ("users.get_feed", '"u", "c", {"status": "unread"}', "GET", "/users/u/feeds/c", {"status": "unread"}),
    ("users.merge", '"u", "v"', "POST", "/users/u/merge", {"from_user_id": "v"}),
    ("users.get_channel_data", 'id="u", channel_id="c"', "GET", "/users/u/channel_data/c", {}),
    ("users.set_channel_data", '"u", "c", {"tokens": ["t"]}', "PUT", "/users/u/channel_data/c",
     {"data": {"tokens": ["t"]}}),
    ("users.unset_channel_data", 'id="u", channel_id="c"', "DELETE", "/users/u/channel_data/c", {}),
    ("users.get_all_preferences", '"u"', "GET", "/users/u/preferences", {}),
    ("users.get_preferences", '"u"', "GET", f"/users/u{SET}", {}),
    ("users.set_preferences", '"u", {"email": True}', "PUT", f"/users/u{SET}", {"channel_types": {"email": True}}),
    ("users.bulk_set_preferences", '["u"], {"categories": {"k": True}}', "POST", "/users/bulk/preferences",
     {"user_ids": ["u"], "preferences": {"categories": {"k": True}}}),
    ("users.get_messages", '"u", {"tenant": "t"}', "GET", "/users/u/messages", {"tenant": "t"}),
    ("users.get_schedules", '"u", {"tenant": "t"}', "GET", "/users/u/schedules", {"tenant": "t"}),
    ("users.get_subscriptions", '"u", {"page_size": 5}', "GET", "/users/u/subscriptions", {"page_size": 5}),
    ("preferences.get_all", '"u"', "GET", "/users/u/preferences", {}),
    ("preferences.get", '"u", options={"preference_set": "t"}', "GET", "/users/u/preferences/t", {}),
    ("preferences.update", '"u", workflows={"k": True}', "PUT", f"/users/u{SET}", {"workflows": {"k": True}}),
    ("objects.get", '"c", "o"', "GET", "/objects/c/o", {}),
    ("objects.list", '"c", {"page_size": 5}', "GET", "/objects/c", {"page_size": 5}),
    ("objects.set_object", '"c", "o", {"name": "N", "a": 1}', "PUT", "/objects/c/o", {"name": "N", "a": 1}),
    ("objects.set", 'collection="c", id="o", data={"a": 1}', "PUT", "/objects/c/o", {"a": 1}),
    ("objects.bulk_set", '"c", [{"id": "o"}]', "POST", "/objects/c/bulk/set", {"objects": [{"id": "o"}]}),
    ("objects.delete", '"c", "o"', "DELETE", "/objects/c/o", {}),
    ("objects.bulk_delete", '"c", ["o"]', "POST", "/objects/c/bulk/delete", {"object_ids": ["o"]}),
    ("objects.get_channel_data", '"c", "o", "x"', "GET", "/objects/c/o/channel_data/x", {}),
    ("objects.set_channel_data", '"c", "o", "x", {"tokens": []}', "PUT", "/objects/c/o/channel_data/x",
     {"data": {"tokens": []}}),
    ("objects.unset_channel_data", '"c", id="o", channel_id="x"', "DELETE", "/objects/c/o/channel_data/x", {}),
    ("objects.get_messages", '"c", "o", {"page_size": 5}', "GET", "/objects/c/o/messages", {"page_size": 5}),
    ("objects.get_schedules", '"c", "o"', "GET", "/objects/c/o/schedules", {}),
    ("objects.get_all_preferences", '"c", "o"', "GET", "/objects/c/o/preferences", {}),
    ("objects.get_preferences", '"c", "o"', "GET", f"/objects/c/o{SET}", {}),
    ("objects.set_preferences", '"c", "o", {"email": True}', "PUT", f"/objects/c/o{SET}",
     {"channel_types": {"email": True}}),
    ("objects.list_subscriptions", '"c", "o", {"page_size": 5}', "GET", "/objects/c/o/subscriptions", {"page_size": 5}),
    ("objects.get_subscriptions", '"c", "o"', "GET", "/objects/c/o/subscriptions", {"mode": "recipient"}),
    ("objects.add_subscriptions", '"c", "o", ["u"], {"a": 1}', "POST", "/objects/c/o/subscriptions",
     {"recipients": ["u"], "properties": {"a": 1}}),
    ("objects.bulk_add_subscriptions", '"c", [{"id": "o", "recipients": ["u"]}]', "POST",
     "/objects/c/bulk/subscriptions/add", {"subscriptions": [{"id": "o", "recipients": ["u"]}]}),
    ("objects.delete_subscriptions", '"c", "o", ["u"]', "DELETE", "/objects/c/o/subscriptions", {"recipients": ["u"]}),
    ("tenants.list", "", "GET", "/tenants", {}),
    ("tenants.get", 'id="t"', "GET", "/tenants/t", {}),
    ("tenants.set_tenant", '"t", {"name": "N", "a": 1}', "PUT", "/tenants/t", {"name": "N", "a": 1}),
    ("tenants.set", 'id="t", data={"name": "N"}', "PUT", "/tenants/t", {"name": "N"}),
    ("tenants.delete", '"t"', "DELETE", "/tenants/t", {}),
    ("messages.list", '{"trigger_data": {"a": 1}}', "GET", "/messages", {"trigger_data": '{"a":1}'}),
    ("messages.get", 'id="m"', "GET", "/messages/m", {}),
    ("messages.get_content", '"m"', "GET", "/messages/m/content", {}),
    ("messages.get_activities", '"m", {"page_size": 5}', "GET", "/messages/m/activities", {"page_size": 5}),
    ("messages.get_events", '"m", options={"page_size": 5}', "GET", "/messages/m/events", {"page_size": 5}),
    ("messages.get_delivery_logs", '"m"', "GET", "/messages/m/delivery_logs", {}),
    ("bulk_operations.get", '"b"', "GET", "/bulk_operations/b", {}),
    ("request", '"get", "/users/u", {"a": "b"}', "GET", "/users/u", {"a": "b"}),
]  # fmt: skip
# Requests that the API calls deprecated: what Knock's documentation says to send instead.
OWNERS = (("users", '"u"', "/users/u"), ("preferences", '"u"', "/users/u"), ("objects", '"c", "o"', "/objects/c/o"))
for owner, ids, path in OWNERS:
    end = "" if owner == "preferences" else "_preferences"
    for section, one in (("channel_types", "channel_type"), ("workflows", "workflow"), ("categories", "category")):
        for name, arguments in ((section, '{"k": True}'), (one, '"k", True')):
            if section == "channel_types":
                arguments = arguments.replace("k", "sms")  # noqa: PLW2901
            key = "sms" if section == "channel_types" else "k"
            merged = {section: {key: True}, "__persistence_strategy__": "merge"}
            CALLS.append((f"{owner}.set_{name}{end}", f"{ids}, {arguments}", "PUT", f"{path}{SET}", merged))
for name, statuses in STATUS_METHODS.items():
    for status in statuses:
        if name == "messages.batch_set_status":
            CALLS.append((name, f'["m"], "{status}"', "POST", f"/messages/batch/{status}", {"message_ids": ["m"]}))
        else:
            verb = "PUT" if name == "messages.set_status" else "DELETE"
            CALLS.append((name, f'"m", "{status}"', verb, f"/messages/m/{status}", {}))


@pytest.mark.parametrize(("name", "arguments", "verb", "path", "data"), CALLS, ids=[f"{c[0]}({c[1]})" for c in CALLS])
def test_a_method_asks_for_the_same(name: str, arguments: str, verb: str, path: str, data: dict[str, Any]) -> None:
    code = migrate_source(f'from knockapi import Knock\nclient = Knock("sk_test_1")\nclient.{name}({arguments})\n').code
    sim = Simulator()
    sim.workflow("w")
    with sim.intercept():
        try:
            exec(code, {})
        except KnockError:  # there is no such record; what was asked for counts
            assert sim.requests
    (request,) = sim.requests
    target = urlsplit(request.target)
    assert (request.method, unquote(target.path)) == (verb, f"/v1{path}")
    sent: dict[str, Any] = dict(parse_qsl(target.query))
    if request.body:
        assert sent == {}
        sent = json.loads(request.body)
    else:
        data = {key: str(value) for key, value in data.items()}
    assert {key: value for key, value in sent.items() if value not in ({}, None)} == data


def test_every_method_is_called() -> None:
    assert {call[0] for call in CALLS} == OLD_METHODS.keys()


@pytest.mark.parametrize("name", OLD_METHODS)
def test_a_method_leads_to_one_that_exists(name: str) -> None:
    old = OLD_METHODS[name]
    targets = {old.target.format(status=status) for status in STATUS_METHODS.get(name, {"": ""}).values()}
    for target in targets:
        here = method(target)
        assert here is not None
        for parameter in old.parameters:
            plain = re.split(r"[=|]", parameter)[0]
            form = old.arguments.get(plain, plain)
            assert form.startswith("{") or form in here.names or target == "request"
        assert old.constants.keys() <= here.keywords
