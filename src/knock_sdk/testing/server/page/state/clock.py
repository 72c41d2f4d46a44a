"""The clock and faults: time moves forward, requests fail, and the state is kept, restored and reset."""

from __future__ import annotations

from datetime import timedelta
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

from ...state_access import faults_of, locked
from ..page_routes import PageError, page_route, redirect
from ..rendering import render
from .due import row_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from ...environments import Environments
    from ..page_request import PageRequest

_INVALID = 422
_SHOWN = 50
UNITS = {
    "seconds": timedelta(seconds=1),
    "minutes": timedelta(minutes=1),
    "hours": timedelta(hours=1),
    "days": timedelta(days=1),
    "weeks": timedelta(weeks=1),
}
FAULTS = ("fail", "slow", "drop")
_DROPS = ("before", "after")
_LONGEST_NUMBER = 12
_STATUS = "503"


class FaultRow(NamedTuple):
    """A declared fault."""

    name: str
    what: str
    where: str
    left: int | None
    times: int


class _FormError(Exception):
    """A problem with a field of a form."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(problem)
        self.field = field
        self.problem = problem


def routes(environments: Environments) -> list[BaseRoute]:
    """Return the routes of the page and of its forms."""
    forms: Mapping[str, Callable[[PageRequest], None]] = {
        "advance": _advance,
        "faults": _declare_fault,
        "end-faults": _end_faults,
        "rate-limits": _set_rate_limits,
        "snapshot": _take_snapshot,
        "restore": _restore,
        "delete-snapshot": _delete_snapshot,
        "reset": _reset,
    }
    return [
        page_route(environments, "/clock", lambda page: _render(page, {})),
        *(
            page_route(environments, f"/clock/{name}", _handler(carry_out), ["POST"])
            for name, carry_out in forms.items()
        ),
    ]


def _handler(carry_out: Callable[[PageRequest], None]) -> Callable[[PageRequest], Response]:
    """Return the function that answers a form: with the page again or, if it has a problem, with that at its field."""

    def handle(page: PageRequest) -> Response:
        try:
            carry_out(page)
        except _FormError as error:
            return _render(page, {error.field: error.problem}, _INVALID)
        except (TypeError, ValueError) as error:
            return _render(page, {"": str(error)}, _INVALID)
        return redirect(page.to("clock"))

    return handle


def _render(page: PageRequest, problems: Mapping[str, str], status: int = 200) -> Response:
    with locked(page.simulator) as world:
        due = [row_of(world, each) for each in world.clock.next(_SHOWN)]
        waiting = world.clock.waiting
    faults = [FaultRow(each.name, each.what, each.where, each.left, each.times) for each in faults_of(page.simulator)]
    return render(
        page,
        "state/clock.html",
        status,
        due=due,
        waiting=waiting,
        faults=faults,
        rate_limits=page.simulator.rate_limits,
        snapshots=page.environments.snapshots(page.environment).taken,
        problems=problems,
        typed=page.form,
        units=UNITS,
        fault_names=FAULTS,
        drops=_DROPS,
    )


def _advance(page: PageRequest) -> None:
    if page.form.get("next"):
        if not page.simulator.advance_to_next():
            raise _FormError("amount", "Nothing is scheduled.")
        return
    unit = page.form.get("unit", "minutes")
    if unit not in UNITS:
        raise _FormError("amount", f"The unit is one of {', '.join(UNITS)}.")
    amount = _number_in(page, "amount", 0, "a number of 0 or more, such as 90")
    try:
        page.simulator.advance(amount * UNITS[unit])
    except OverflowError:
        raise _FormError("amount", "The clock can be advanced to the year 9999 at most.") from None
    except ValueError as error:
        raise _FormError("amount", str(error)) from None


def _number_in(page: PageRequest, field: str, least: float, wanted: str) -> float:
    text = page.form.get(field, "").strip()
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not isfinite(number) or number < least or len(text) > _LONGEST_NUMBER:
        raise _FormError(field, f"Takes {wanted}.")
    return number


def _declare_fault(page: PageRequest) -> None:
    kind, operation = page.form.get("fault", ""), page.form.get("operation", "").strip() or None
    count = _count_in(page)
    simulator = page.simulator
    try:
        if kind == "fail":
            status = page.form.get("status", "").strip() or _STATUS
            if not (status.isascii() and status.isdigit() and len(status) <= 3):
                raise _FormError("status", "Takes 300 to 599.")
            simulator.fail(operation, next=count, status=int(status))
        elif kind == "slow":
            seconds = _number_in(page, "seconds", 0, "a number of seconds above 0, such as 2.5")
            simulator.slow(seconds, operation, next=count)
        elif kind == "drop":
            simulator.drop(operation, next=count, when="after" if page.form.get("when") == "after" else "before")
        else:
            raise _FormError("fault", f"Takes one of {', '.join(FAULTS)}.")
    except ValueError as error:
        name, _, rest = str(error).partition(": ")
        field = name if name in ("status", "seconds", "next") and rest else "operation"
        raise _FormError(field, rest if field == name else str(error)) from None


def _count_in(page: PageRequest) -> int | None:
    """Return the number of requests that a fault affects; None, if the field is empty, for all."""
    text = page.form.get("next", "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER and int(text)):
        raise _FormError("next", "Takes a number of requests from 1, or nothing for all.")
    return int(text)


def _end_faults(page: PageRequest) -> None:
    page.simulator.clear_faults()


def _set_rate_limits(page: PageRequest) -> None:
    page.simulator.rate_limits = page.form.get("enforced") == "1"


def _take_snapshot(page: PageRequest) -> None:
    name = page.form.get("name", "").strip()
    try:
        page.environments.snapshots(page.environment).take(name)
    except ValueError as error:
        raise _FormError("name", str(error).removeprefix("name: ")) from None


def _restore(page: PageRequest) -> None:
    page.environments.snapshots(page.environment).restore(_snapshot_in(page))


def _delete_snapshot(page: PageRequest) -> None:
    page.environments.snapshots(page.environment).delete(_snapshot_in(page))


def _snapshot_in(page: PageRequest) -> str:
    name = page.form.get("name", "")
    if name not in [each.name for each in page.environments.snapshots(page.environment).taken]:
        raise PageError(404, "There is no such snapshot", "It may have been deleted.")
    return name


def _reset(page: PageRequest) -> None:
    page.environments.reset(page.environment)
