"""Methods of `Simulator` as calls with JSON: what each takes, derived from its signature."""

from __future__ import annotations

import inspect
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, create_model

from ..declarations.account import MsTeamsChannel, SlackChannel
from ..messaging import delivery

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_MEANINGS: Mapping[str, Any] = {
    "Batch": timedelta,
    "Collection": list,
    "Conditions": list[dict[str, Any]] | dict[str, Any],
    "Drop": str,
    "Iterable": list,
    "Literal": Literal,
    "Malformation": str,
    "Mapping": dict,
    "MessageModel": str,
    "MsTeamsChannel": MsTeamsChannel,
    "Sequence": list,
    "SlackChannel": SlackChannel,
    "TriggerFrequency": str,
    "Where": str | None,
    "datetime": datetime,
    "delivery": delivery,
    "timedelta": timedelta,
}
"""What the names in signatures stand for where values come as JSON; times of waiting come in seconds."""


class Input(BaseModel):
    """What an endpoint takes: the query of a GET, the JSON object of a POST."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", hide_input_in_errors=True)

    def given(self) -> dict[str, Any]:
        """Return what was given, by name."""
        return {name: getattr(self, name) for name in self.model_fields_set}


@cache
def input_of(method: Callable[..., object], *, without: str = "") -> type[Input]:
    """Return the input whose fields are the arguments of a method, perhaps without one of them."""
    fields: dict[str, Any] = {}
    for parameter in list(inspect.signature(method).parameters.values())[1:]:
        if parameter.name != without:
            default = ... if parameter.default is parameter.empty else parameter.default
            fields[parameter.name] = (parameter.annotation, default)
    model = create_model(f"{method.__name__}_input", __base__=Input, **fields)
    model.model_rebuild(_types_namespace=_MEANINGS)
    return model
