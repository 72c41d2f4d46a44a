"""Control endpoints that change something: each a POST."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import ConfigDict
from pydantic_core import to_json

from ....workflows._files import FILE
from ...base import BaseSimulator
from ...state.records import Channel, ChannelGroup
from .endpoint import Endpoint, Selected, on_simulator
from .inputs import Input, input_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

METHODS = (
    BaseSimulator.advance,
    BaseSimulator.advance_to,
    BaseSimulator.advance_to_next,
    BaseSimulator.agent,
    BaseSimulator.audience,
    BaseSimulator.channel,
    BaseSimulator.channel_group,
    BaseSimulator.clear_faults,
    BaseSimulator.click,
    BaseSimulator.cohort,
    BaseSimulator.delivery,
    BaseSimulator.drop,
    BaseSimulator.event,
    BaseSimulator.fail,
    BaseSimulator.fail_bulk_operations,
    BaseSimulator.feed_settings,
    BaseSimulator.guide,
    BaseSimulator.guide_group,
    BaseSimulator.http,
    BaseSimulator.layout,
    BaseSimulator.limit_batch,
    BaseSimulator.malform,
    BaseSimulator.ms_teams,
    BaseSimulator.partial,
    BaseSimulator.preference_center,
    BaseSimulator.remove_webhook,
    BaseSimulator.set_variables,
    BaseSimulator.slack,
    BaseSimulator.slow,
    BaseSimulator.translation,
    BaseSimulator.webhook,
    BaseSimulator.workflow,
)
"""Methods that can be called, each by a POST to its name."""


class RateLimits(Input):
    """Input of `POST /_simulator/rate_limits`."""

    enforced: bool


class TimeZone(Input):
    """Input of `POST /_simulator/account_timezone`."""

    name: str


class WorkflowFile(Input):
    """Input of `POST /_simulator/workflow_file`: the content of a `workflow.json`."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="allow")

    key: str


class Name(Input):
    """Input of the endpoints for snapshots and environments."""

    name: str


def _set_rate_limits(simulator: BaseSimulator, body: RateLimits) -> object:
    simulator.rate_limits = body.enforced
    return {"result": None}


def _set_account_timezone(simulator: BaseSimulator, body: TimeZone) -> object:
    simulator.account_timezone = body.name
    return {"result": None}


def _load_workflow_file(simulator: BaseSimulator, body: WorkflowFile) -> object:
    with TemporaryDirectory() as folder:
        file = Path(folder) / FILE
        file.write_bytes(to_json(body))
        try:
            return {"result": simulator.load_workflows(file)}
        except ValueError as error:
            raise ValueError(str(error).replace(str(file), body.key)) from error


def _call_to(method: Callable[..., object]) -> Callable[[BaseSimulator, Any], object]:
    def call(simulator: BaseSimulator, body: Input) -> object:
        result = method(simulator, **body.arguments())
        return {"result": result if isinstance(result, str | bool | Channel | ChannelGroup) else None}

    return call


_NOT_JSON: Mapping[Callable[..., object], str] = {BaseSimulator.workflow: "steps"}
"""The argument of a method that JSON cannot express."""


def _reset(selected: Selected, _: Input) -> object:
    selected.environments.reset(selected.name)
    return {"result": None}


def _delete_environment(selected: Selected, body: Name) -> object:
    if selected.name:
        raise ValueError("environment: is not used here; name takes the environment to delete")
    return {"result": selected.environments.delete(body.name)}


def _take_snapshot(selected: Selected, body: Name) -> object:
    selected.environments.snapshots(selected.name).take(body.name)
    return {"result": None}


def _restore_snapshot(selected: Selected, body: Name) -> object:
    selected.environments.snapshots(selected.name).restore(body.name)
    return {"result": None}


def _delete_snapshot(selected: Selected, body: Name) -> object:
    return {"result": selected.environments.snapshots(selected.name).delete(body.name)}


ACTIONS: Sequence[Endpoint] = (
    Endpoint("POST", "/account_timezone", TimeZone, on_simulator(_set_account_timezone)),
    Endpoint("POST", "/delete_environment", Name, _delete_environment),
    Endpoint("POST", "/delete_snapshot", Name, _delete_snapshot),
    Endpoint("POST", "/rate_limits", RateLimits, on_simulator(_set_rate_limits)),
    Endpoint("POST", "/reset", Input, _reset),
    Endpoint("POST", "/restore", Name, _restore_snapshot),
    Endpoint("POST", "/snapshot", Name, _take_snapshot),
    Endpoint("POST", "/workflow_file", WorkflowFile, on_simulator(_load_workflow_file)),
    *(
        Endpoint(
            "POST",
            f"/{method.__name__}",
            input_of(method, without=_NOT_JSON.get(method, "")),
            on_simulator(_call_to(method)),
        )
        for method in METHODS
    ),
)
