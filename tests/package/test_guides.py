"""The guides in `docs/`: their tables are complete, and their figures are those of the code."""

from __future__ import annotations

import inspect
import re
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from knock_sdk import AsyncKnock, FeedPage, Knock, Page, ResponseInfo, errors
from knock_sdk._core.client_options import ClientOptions
from knock_sdk._core.requests import config, operations
from knock_sdk._core.requests.operation import Operation
from knock_sdk._core.requests.options import RequestOptions
from knock_sdk._core.retry import (
    ATTEMPTS,
    ATTEMPTS_KEYED,
    BASE_THROTTLED,
    BASE_TRANSIENT,
    CAP,
    LONGEST_RETRY_AFTER,
    Budget,
)
from knock_sdk._sync.engines import pooled
from knock_sdk._sync.resources._base import Resource
from knock_sdk.testing.http.errors import STATUSES
from tests.support.paths import ROOT

OPERATIONS = [each for each in vars(operations).values() if isinstance(each, Operation)]


def page(name: str) -> str:
    """Return a page, with each paragraph in one line."""
    text = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    return re.sub(r"(?<=[^\n|])\n(?!\n|\||```|#|- )", " ", text)


def rows(text: str) -> list[list[str]]:
    """Return the cells of the lines of tables, without the heads."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def code(text: str) -> set[str]:
    """Return what stands in code font."""
    return set(re.findall(r"`([^`]+)`", text))


def section(text: str, title: str) -> str:
    """Return the text below a heading, up to the next one."""
    return re.split(r"\n#+ ", text.split(f"# {title}\n", 1)[1])[0]


def test_every_code_has_its_status_a_cause_and_a_remedy() -> None:
    table = {row[0].strip("`"): row[1:] for row in rows(section(page("errors"), "Codes")) if row[0].startswith("`")}
    assert set(table) == set(get_args(errors.ErrorCode))
    for name, (cause, remedy, status) in table.items():
        assert cause
        assert remedy
        assert int(status) == STATUSES[name]


def test_the_tree_of_errors_is_that_of_the_package() -> None:
    drawn = re.findall(r"[├└]── (\w+)", page("errors"))
    assert drawn == re.findall(r"[├└]── (\w+)", errors.__doc__ or "")
    classes = {name for name in errors.__all__ if isinstance(getattr(errors, name), type)}
    assert set(drawn) | {"KnockError", "FieldError"} == classes
    remedies = " ".join(row[0] for row in rows(section(page("errors"), "What to do")))
    of_statuses = {each.__name__ for each in errors.STATUS_ERRORS.values()} - {"RateLimitError"}
    assert set(drawn) - set(re.findall(r"\w+Error", remedies)) == of_statuses  # told together


def test_every_attribute_of_an_error_is_named() -> None:
    table = {row[0].strip("`"): code(row[1]) for row in rows(section(page("errors"), "Attributes"))[2:]}
    for name, named in table.items():
        assert set(inspect.get_annotations(getattr(errors, name))) == named - {"recipients[0].email"}
    assert set(table) == {
        name for name in errors.__all__ if inspect.get_annotations(getattr(errors, name)) and name.endswith("Error")
    } - {"FieldError"}


@pytest.mark.parametrize("client", [Knock, AsyncKnock])
def test_the_settings_table_names_every_argument(client: type[Any]) -> None:
    documented = code(section(page("configuration"), "Settings"))
    assert set(inspect.signature(client.__init__).parameters) - {"self"} <= documented


def test_settings_that_copies_share_are_named() -> None:
    shared = set(inspect.signature(Knock.__init__).parameters) - {"self"} - set(get_type_hints(ClientOptions))
    (sentence,) = re.findall(r"It takes all settings but (.*?), which belong", page("configuration"))
    assert code(sentence) == shared


def test_every_variable_of_the_environment_is_named() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "src" / "knock_sdk").rglob("*.py")]
    read = {name for source in sources for name in re.findall(r'"(KNOCK_[A-Z_]+|SSL_CERT_[A-Z]+)"', source)}
    assert len(read) >= 7
    assert read <= code(section(page("configuration"), "Environment variables"))


def test_every_option_of_a_call_is_named() -> None:
    table = rows(section(page("configuration"), "Per call"))
    assert {row[0].strip("`") for row in table if row[0].startswith("`")} == set(get_type_hints(RequestOptions))


def test_everything_in_response_info_is_named() -> None:
    public = {name for name in [*dir(ResponseInfo), *ResponseInfo.__annotations__] if not name.startswith("_")}
    documented = {name for row in rows(section(page("configuration"), "Response metadata")) for name in code(row[0])}
    assert documented == public


def test_the_figures_about_time_and_retries() -> None:
    text = page("retries")
    assert f"| `timeout` | {config.TIMEOUT:.0f} s |" in text
    assert f"| `attempt_timeout` | {config.ATTEMPT_TIMEOUT:.0f} s |" in text
    assert f"at most {ATTEMPTS} attempts, and `workflows.trigger` at most {ATTEMPTS_KEYED}" in text
    waits = {row[0]: row[1:] for row in rows(section(text, "Waits"))[2:]}
    doubled = [f"{BASE_TRANSIENT * 1000 * 2**n:.0f} ms" for n in range(3)]
    assert waits["after a failure or a 5xx"] == [f"0 to {doubled[0]}", *doubled[1:], f"{CAP:.0f} s"]
    doubled = [f"{BASE_THROTTLED * 2**n:.0f} s" for n in range(3)]
    assert waits["after a 429"] == [f"0 to {doubled[0]}", *doubled[1:], f"{CAP:.0f} s"]
    assert f"more than {LONGEST_RETRY_AFTER:.0f} seconds" in text
    assert f"share a budget of {Budget.CAPACITY} tokens" in text
    assert f"after a failure takes {Budget.COST_TRANSIENT}, one after a 429 takes {Budget.COST_THROTTLED}" in text
    dead = 1000 + Budget.CAPACITY // Budget.COST_TRANSIENT
    assert f"make {dead:,} requests" in text


def test_the_calls_that_are_never_repeated_are_named() -> None:
    never = {each.path for each in OPERATIONS if each.repeat == "never"}
    assert never == {
        *("/v1/schedules", "/v1/schedules/bulk/create", "/v1/users/{user_id}/merge"),
        *("/v1/integrations/census/custom-destination", "/v1/integrations/hightouch/embedded-destination"),
    }
    (sentence,) = re.findall(r"\*\*Calls that create or merge\*\* are (.*?)\. Once", page("retries"))
    assert {"schedules.create", "schedules.bulk.create", "users.merge", "integrations.*"} <= code(sentence)


def test_the_figures_about_connections() -> None:
    text = page("configuration")
    assert f"at most {config.MAX_CONNECTIONS_ASYNC} at once with `AsyncKnock`" in text
    assert f"and {config.MAX_CONNECTIONS_SYNC} with `Knock`" in text
    assert f"idle for {pooled._KEEP_ALIVE:.0f} seconds" in text
    assert f"({config.MAX_RESPONSE_SIZE // 1024**2} MiB)" in text


def lists(resource: Any, path: str) -> dict[str, str]:
    """Return the methods of a resource, and of those in it, that return pages, with the names of their items."""
    found = {}
    for name in [name for name in dir(type(resource)) if not name.startswith("_")]:
        member = getattr(resource, name)
        if isinstance(member, Resource):
            found |= lists(member, f"{path}{name}.")
        elif callable(member) and path:
            returned = get_type_hints(member)["return"]
            paged = returned.__orig_bases__[0] if returned is FeedPage else returned
            items = [get_args(paged)[0]] if get_origin(paged) is Page else []
            found |= {f"{path}{name}": getattr(item, "__name__", str(item)) for item in items}
    return found


def test_every_list_has_its_items_and_its_largest_page() -> None:
    table = rows(section(page("pagination"), "Methods and parameters"))[2:]
    documented: dict[str, str] = {}
    for methods, items, _ in table:
        prefix = ""
        names, models = re.findall(r"`([^`]+)`", methods), re.findall(r"`([^`]+)`", items)
        for name, model in zip(names, models if len(models) > 1 else models * len(names), strict=True):
            prefix = prefix if name.startswith(".") else name.rpartition(".")[0]
            documented[prefix + name if name.startswith(".") else name] = model
    returned = lists(Knock(api_key="sk_test_1"), "")
    assert documented == {**returned, "users.feeds.list_items": "InAppFeedItem"}
    assert "InAppFeedItem" in returned["users.feeds.list_items"]
    largest = {str(each.range["page_size"][1]) for each in OPERATIONS if each.page and each.range}
    assert {cell for *_, cell in table} == largest | {"the provider's limit, in `query_options`"}
