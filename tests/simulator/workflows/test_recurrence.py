"""Repeat rules, against a second implementation that checks every five minutes of the clock."""

from __future__ import annotations

import zoneinfo
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from knock_sdk.testing.workflows.runtime import time_zones
from knock_sdk.testing.workflows.runtime.recurrence import DAYS, next_occurrence
from knock_sdk.testing.workflows.runtime.time_zones import MissingTimeZonesError

UTC = timezone.utc
TICK = timedelta(minutes=5)
WINDOW = timedelta(days=40)
ZONES = (
    "Etc/UTC",
    "America/New_York",
    "America/St_Johns",  # its offset has a half hour
    "Asia/Kathmandu",  # its offset has a quarter hour
    "Australia/Lord_Howe",  # its clocks change by half an hour
    "Europe/London",
    "Pacific/Apia",  # it skipped a day in 2011
)
# Some days before a change of the clocks or the calendar in one of the zones.
BEGINNINGS = (
    datetime(2026, 3, 1, tzinfo=UTC),
    datetime(2026, 9, 20, tzinfo=UTC),
    datetime(2026, 10, 20, tzinfo=UTC),
    datetime(2011, 12, 10, tzinfo=UTC),
    datetime(2028, 1, 20, tzinfo=UTC),
)

RULES = st.fixed_dictionaries(
    {
        "frequency": st.sampled_from(("hourly", "daily", "weekly", "monthly")),
        "interval": st.integers(1, 4),
        "days": st.none() | st.lists(st.sampled_from(DAYS), min_size=1, unique=True),
        "day_of_month": st.none() | st.integers(1, 31),
        "hours": st.integers(0, 23),
        "minutes": st.integers(0, 11).map(lambda twelfth: twelfth * 5),
    }
)


def day_matches(rule, anchor: date, day: date) -> bool:
    """Return whether a rule selects a day, by the calendar."""
    named = rule["days"] is None or DAYS[day.weekday()] in rule["days"]
    if rule["frequency"] == "daily":
        return named and (day - anchor).days % rule["interval"] == 0
    if rule["frequency"] == "weekly":
        weeks = ((day - timedelta(day.weekday())) - (anchor - timedelta(anchor.weekday()))).days // 7
        due = day.weekday() == anchor.weekday() if rule["days"] is None else named
        return due and weeks % rule["interval"] == 0
    months = (day.year - anchor.year) * 12 + day.month - anchor.month
    if months % rule["interval"]:
        return False
    if rule["day_of_month"] is None and rule["days"] is not None:
        return named
    wanted = rule["day_of_month"] or anchor.day
    last = (day + timedelta(1)).month != day.month
    return named and (day.day == wanted or (last and day.day < wanted))


def shown_at(zone: ZoneInfo, day: date, at: time) -> datetime:
    """Return when a local clock first shows a time, or for a skipped time, when it would have without the change."""
    wanted = datetime.combine(day, at)
    before = datetime.combine(day, at, tzinfo=UTC) - timedelta(hours=27)
    for tick in range(54 * 12):
        moment = before + tick * TICK
        shown = moment.astimezone(zone).replace(tzinfo=None)
        if shown == wanted:
            return moment
        if shown > wanted:  # the clock jumped over it between the last tick and this one
            last = (moment - TICK).astimezone(zone).replace(tzinfo=None)
            return moment - TICK + (wanted - last)
    raise AssertionError("the clock does not show this time")


def expected(rule, zone: ZoneInfo, start: datetime, until: datetime) -> list[datetime]:
    anchor = start.astimezone(zone)
    if rule["frequency"] != "hourly":
        span = (until - start).days + 4
        days = [anchor.date() + timedelta(offset) for offset in range(-2, span)]
        at = time(rule["hours"], rule["minutes"])
        found = {shown_at(zone, day, at) for day in days if day_matches(rule, anchor.date(), day)}
        return sorted(moment for moment in found if start <= moment <= until)
    base = anchor.replace(minute=rule["minutes"], second=0).astimezone(UTC)
    ticks = (base + number * TICK for number in range(int((until - base) / TICK) + 1))
    return [
        tick
        for tick in ticks
        if tick >= start
        and (shown := tick.astimezone(zone)).minute == rule["minutes"]
        and int((tick - base) / timedelta(hours=1)) % rule["interval"] == 0
        and (rule["days"] is None or DAYS[shown.weekday()] in rule["days"])
    ]


@settings(max_examples=150)
@given(
    rule=RULES,
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    begin=st.sampled_from(BEGINNINGS),
    minutes=st.integers(0, 20 * 24 * 60),
)
def test_occurrences_equal_those_of_the_second_implementation(rule, zone, begin, minutes) -> None:
    start = begin + timedelta(minutes=minutes)
    until = start + WINDOW
    found: list[datetime] = []
    moment = next_occurrence([rule], zone, start, start - timedelta(seconds=1))
    while moment is not None and moment <= until:
        found.append(moment)
        moment = next_occurrence([rule], zone, start, moment)
    assert found == expected(rule, zone, start, until)


@settings(max_examples=150)
@given(
    rules=st.lists(RULES, min_size=1, max_size=3),
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    start=st.sampled_from(BEGINNINGS),
    ahead=st.integers(-(10**6), 10**7),
)
def test_the_next_occurrence_is_the_same_from_any_earlier_moment(rules, zone, start, ahead) -> None:
    after = start + timedelta(minutes=ahead)
    moment = next_occurrence(rules, zone, start, after)
    assume(moment is not None)
    assert moment > after
    assert moment >= start
    halfway = after + (moment - after) / 2
    assert next_occurrence(rules, zone, start, halfway) == moment
    assert moment == min(each for rule in rules if (each := next_occurrence([rule], zone, start, after)) is not None)


def list_occurrences(rule, zone: str, start: datetime, count: int) -> list[str]:
    found: list[str] = []
    moment: datetime | None = start - timedelta(seconds=1)
    for _ in range(count):
        moment = next_occurrence([rule], ZoneInfo(zone), start, moment)
        if moment is None:
            break
        found.append(moment.astimezone(ZoneInfo(zone)).isoformat())
    return found


def test_a_skipped_time_occurs_later_and_a_repeated_time_occurs_once() -> None:
    rule = {"frequency": "daily", "hours": 2, "minutes": 30}
    assert list_occurrences(rule, "America/New_York", datetime(2026, 3, 7, tzinfo=UTC), 4) == [
        "2026-03-07T02:30:00-05:00",
        "2026-03-08T03:30:00-04:00",
        "2026-03-09T02:30:00-04:00",
        "2026-03-10T02:30:00-04:00",
    ]
    rule = {"frequency": "daily", "hours": 1, "minutes": 30}
    assert list_occurrences(rule, "America/New_York", datetime(2026, 10, 31, 4, tzinfo=UTC), 3) == [
        "2026-10-31T01:30:00-04:00",
        "2026-11-01T01:30:00-04:00",
        "2026-11-02T01:30:00-05:00",
    ]


def test_the_occurrence_of_a_skipped_day_is_on_the_next_day() -> None:
    friday = {"frequency": "weekly", "days": ["fri"], "hours": 9}  # Samoa skipped one of them
    saturday = datetime(2011, 12, 31, 0, 5, tzinfo=ZoneInfo("Pacific/Apia"))
    assert next_occurrence([friday], saturday.tzinfo, saturday, saturday) == saturday.replace(hour=9, minute=0)
    both = {**friday, "days": ["fri", "sat"]}
    found = list_occurrences(both, "Pacific/Apia", datetime(2011, 12, 28, 12, tzinfo=UTC), 2)
    assert found == ["2011-12-31T09:00:00+14:00", "2012-01-06T09:00:00+14:00"]


def test_an_hourly_rule_counts_elapsed_hours() -> None:
    rule = {"frequency": "hourly", "minutes": 15}
    assert list_occurrences(rule, "Europe/Paris", datetime(2026, 10, 24, 23, 20, tzinfo=UTC), 3) == [
        "2026-10-25T02:15:00+02:00",
        "2026-10-25T02:15:00+01:00",
        "2026-10-25T03:15:00+01:00",
    ]
    assert list_occurrences(rule, "Europe/Paris", datetime(2026, 3, 29, 0, tzinfo=UTC), 2) == [
        "2026-03-29T01:15:00+01:00",
        "2026-03-29T03:15:00+02:00",
    ]


def test_every_other_week_is_counted_from_the_week_of_the_start() -> None:
    rule = {"frequency": "weekly", "interval": 2, "days": ["fri", "mon", "tue"], "hours": 18}
    # A Wednesday.
    assert [day[:10] for day in list_occurrences(rule, "Etc/UTC", datetime(2026, 1, 7, tzinfo=UTC), 5)] == [
        "2026-01-09",
        "2026-01-19",
        "2026-01-20",
        "2026-01-23",
        "2026-02-02",
    ]


def test_the_occurrence_of_a_too_short_month_is_on_its_last_day() -> None:
    rule = {"frequency": "monthly", "day_of_month": 31, "hours": 9}
    assert [day[:10] for day in list_occurrences(rule, "Etc/UTC", datetime(2028, 1, 1, tzinfo=UTC), 5)] == [
        "2028-01-31",
        "2028-02-29",
        "2028-03-31",
        "2028-04-30",
        "2028-05-31",
    ]


@pytest.mark.parametrize(
    "rule",
    [
        {"frequency": "daily", "interval": 7, "days": ["tue"]},
        {"frequency": "monthly", "interval": 12, "day_of_month": 30, "days": ["mon"], "hours": 20},
        {"frequency": "daily", "interval": 10**12},
        {"frequency": "hourly", "interval": 10**12},
        {"frequency": "monthly", "interval": 10**12},
    ],
)
def test_rules_that_rarely_or_never_match_are_evaluated(rule) -> None:
    start = datetime(2026, 1, 5, 12, tzinfo=UTC)  # a Monday
    moment = next_occurrence([rule], ZoneInfo("Europe/Paris"), start, start)
    assert moment is None or (
        rule["frequency"] == "monthly" and moment.astimezone(ZoneInfo("Europe/Paris")).weekday() == 0
    )


def test_rules_are_evaluated_at_both_ends_of_the_calendar() -> None:
    daily = [{"frequency": "daily"}]
    zone = ZoneInfo("Pacific/Auckland")
    last = datetime.max.replace(tzinfo=UTC)
    assert next_occurrence(daily, zone, last, last) is None
    now = datetime(2026, 1, 5, tzinfo=UTC)
    assert next_occurrence(daily, ZoneInfo("America/New_York"), datetime.min.replace(tzinfo=UTC), now) is None


@pytest.mark.parametrize("days", [None, ["thu", "fri"]], ids=["day-of-month", "days-of-the-week"])
def test_a_monthly_rule_ends_with_the_calendar(days: list[str] | None) -> None:
    rule = {"frequency": "monthly", "days": days, "day_of_month": None if days else 31}
    start = datetime(9999, 11, 30, 12, tzinfo=UTC)
    # The last day of the calendar is a Friday.
    expected = ["9999-12-31"] if days is None else ["9999-12-30", "9999-12-31"]
    assert [day[:10] for day in list_occurrences(rule, "Etc/UTC", start, 100)][-len(expected) :] == expected


def test_a_machine_without_time_zones_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert time_zones.find("Europe/Paris") == ZoneInfo("Europe/Paris")
    for unknown in ("Mars/Base", "../../etc/passwd", "", "Europe", "a\x00b", "Europe/Paris\n"):
        assert time_zones.find(unknown) is None

    def not_found(name: str) -> ZoneInfo:
        raise zoneinfo.ZoneInfoNotFoundError(name)

    monkeypatch.setattr(time_zones, "ZoneInfo", not_found)
    monkeypatch.setattr(time_zones, "available_timezones", set)
    assert time_zones.find("Etc/UTC") is UTC
    with pytest.raises(MissingTimeZonesError, match=r"Europe/Paris is needed.*pip install tzdata"):
        time_zones.find("Europe/Paris")
