"""Inputs of the control endpoints: Pydantic models derived from the signatures of the simulator's methods."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Union

from pydantic import BaseModel, ConfigDict, create_model

from ...declarations.account import MsTeamsChannel, SlackChannel
from ...declarations.channel_groups import ChannelRule
from ...messaging import delivery
from ...state.outside import AgentRequest, FetchRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

_TYPES: Mapping[str, Any] = {
    "AgentRequest": AgentRequest,
    "Any": str,
    "AudienceSegment": dict[str, Any],
    "Batch": timedelta,
    "Callable": Callable,
    "ChannelRule": ChannelRule,
    "Collection": list,
    "Conditions": list[dict[str, Any]] | dict[str, Any],
    "Drop": str,
    "FetchRequest": FetchRequest,
    "Iterable": list,
    "Literal": Literal,
    "Malformation": str,
    "Mapping": dict,
    "MsTeamsChannel": MsTeamsChannel,
    "PartialType": str,
    "Sequence": list,
    "SlackChannel": SlackChannel,
    "TriggerFrequency": str,
    "Where": str | None,
    "Workflow": Union,  # with the line for `Any`, a `Workflow[Any]` is text: its key
    "datetime": datetime,
    "delivery": delivery,
    "t": SimpleNamespace(Message=str),
    "timedelta": timedelta,
}
"""Types for JSON input, by the names that the signatures use; a duration is a number of seconds."""


class Input(BaseModel):
    """Input of an endpoint: the query of a GET, the JSON object of a POST."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", hide_input_in_errors=True, allow_inf_nan=False)

    def arguments(self) -> dict[str, Any]:
        """Return the fields that the request contains, by name."""
        return {name: getattr(self, name) for name in self.model_fields_set}


@cache
def input_of(method: Callable[..., object], *, without: str = "") -> type[Input]:
    """Return an input model whose fields are the arguments of a method, optionally without one of them."""
    fields: dict[str, Any] = {}
    for parameter in list(inspect.signature(method).parameters.values())[1:]:
        if parameter.name != without:
            default = ... if parameter.default is parameter.empty else parameter.default
            fields[parameter.name] = (parameter.annotation, default)
    model = create_model(f"{method.__name__}_input", __base__=Input, **fields)
    model.model_rebuild(_types_namespace=_TYPES)
    return model
