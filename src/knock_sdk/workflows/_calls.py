"""What a call sends for a typed workflow: its key, and data that has been checked."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from pydantic import PydanticUndefinedAnnotation, PydanticUserError

from .._core.sentinel import NOT_GIVEN
from .._core.signals import raised_by_a_handler
from .._core.type_guards import is_items, is_mapping
from .._core.values.body import as_mapping
from ..errors import InvalidArgumentError, KnockError
from ._reader import Base, Reader, reader_of
from ._workflow import Workflow, is_workflow, takes_any

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_NESTED = "refers to itself, or is nested too deeply"
_RAISED = "cannot be read: an object in it, or its type, raised {}"
_TOO_DEEP = ("Circular reference", "Maximum serialization depth")
_TRIGGER_DATA = "$trigger_data"
_NOT_TAKEN = "is not taken by {!r}: leave it out, or give the workflow a type, such as data=dict[str, object]"


class Checked(NamedTuple):
    """The arguments of a call as they are sent."""

    key: Any
    data: Any
    recipients: Any


def check_call(workflow: object, data: object, recipients: object) -> Checked:
    """Return the arguments of a call of a typed workflow as they are sent; anything else unchanged.

    The workflow becomes its key, and data becomes what its type writes. Data of `dict[str, object]` is left to the
    encoder.

    Args:
        workflow: the workflow, or what was given in its place, which the encoder refuses.
        data: the data of the call; `NOT_GIVEN` or None for none.
        recipients: the recipients, whose own `$trigger_data` is checked together with the data.

    Raises:
        InvalidArgumentError: The data, or that of a recipient, is not of the workflow's type.
    """
    if not is_workflow(workflow):
        return Checked(workflow, data, recipients)  # the encoder refuses it
    data_type: Any = workflow.data
    if data_type is None:
        if data is not NOT_GIVEN and data is not None:
            raise InvalidArgumentError("data", _NOT_TAKEN.format(workflow))
        return Checked(workflow.key, NOT_GIVEN, _with_own_data(recipients, workflow, None, None))
    if takes_any(data_type):
        return Checked(workflow.key, data, recipients)
    if data is NOT_GIVEN or data is None:
        raise InvalidArgumentError("data", f"is missing: {workflow!r} requires it")

    def read() -> tuple[Reader, dict[str, Any]]:
        reader = reader_of(data_type)
        return reader, reader.read(data, "data")

    reader, written = _with_named_errors("data", read)
    return Checked(workflow.key, written, _with_own_data(recipients, workflow, reader, data))


def _with_named_errors(path: str, read: Callable[[], T]) -> T:
    """Call a function; raise what the caller's own classes raise as an error of the package, for a path."""
    try:
        return read()
    except KnockError:
        raise
    except RecursionError:
        problem = _NESTED
    except (PydanticUserError, PydanticUndefinedAnnotation) as error:
        problem = f"has a type that Pydantic cannot read: {error.message}"
    except Exception as error:
        if raised_by_a_handler(error) is error:
            raise
        # Raised by a validator, a serializer or another method of the caller's own class, or by Pydantic's serializer.
        is_nested = isinstance(error, ValueError) and str(error).startswith(_TOO_DEEP)
        problem = _NESTED if is_nested else _RAISED.format(type(error).__name__)
    raise InvalidArgumentError(path, problem)  # without the cause, whose text may contain a value


def _with_own_data(recipients: Any, workflow: Workflow[Any], reader: Reader | None, data: object) -> Any:
    """Return the recipients, with their own data as it is sent."""
    if not is_items(recipients):
        return recipients  # the encoder refuses them
    given = list(recipients)
    base: Base | None = None
    for index, recipient in enumerate(given):
        if isinstance(recipient, str):
            continue
        fields = as_mapping(recipient, f"recipients[{index}]")
        if not is_mapping(fields) or (own := fields.get(_TRIGGER_DATA)) is None or own is NOT_GIVEN:
            continue
        path = f"recipients[{index}].{_TRIGGER_DATA}"
        if reader is None:
            raise InvalidArgumentError(path, _NOT_TAKEN.format(workflow))
        base = base or _with_named_errors("data", partial(reader.base_of, data))
        written = _with_named_errors(path, partial(reader.read_over, base, own, path))
        given[index] = {**fields, _TRIGGER_DATA: written}
    return given
