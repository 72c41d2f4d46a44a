"""`Workflow`: a workflow's key and the type of its data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import is_dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeAlias, get_args, get_origin, overload

from typing_extensions import Never, TypeIs, TypeVar, is_typeddict, override

from ..errors import InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema

    from .._core.values.argument_types import JSONModel, JSONObject

__all__ = ["DataOf", "Workflow"]

D = TypeVar("D", bound="Mapping[str, object] | JSONModel | None")
M = TypeVar("M", bound="Mapping[str, object] | JSONModel")

DataOf: TypeAlias = M | Callable[[M], Never]
"""The data of a workflow. No function is accepted: with this type, mypy reads a dict literal as the typed dict `M`."""


class Workflow(Generic[D]):
    """A workflow: its key and the type of its data, which type checkers and the client check.

    `Workflow("comment-created", data=CommentCreated)` takes data of that type, a Pydantic model, a dataclass or a typed
    dict; `Workflow("digest", data=dict[str, object])` any JSON object or none; `Workflow("digest")` no data. Methods
    take it wherever they take the key of a workflow, and check the data before anything is sent.

    It is immutable, equal to another one with the same key and type, and can be pickled.
    """

    _advice_on_encoding: ClassVar[str] = "pass its .key, since the data that stands with it is not checked here"
    """What the encoder says about a workflow in a body."""

    @overload
    def __init__(self: Workflow[None], key: str, *, data: None = None) -> None: ...

    @overload
    def __init__(self: Workflow[JSONObject], key: str, *, data: type[dict[str, object]]) -> None: ...

    @overload
    def __init__(self, key: str, *, data: type[D]) -> None: ...

    def __init__(self, key: str, *, data: type[Any] | None = None) -> None:
        """Store the key and the type.

        Args:
            key: Key of the workflow, as set in the Knock dashboard.
            data: Type of the data of a trigger: a class of Pydantic models, a dataclass, a typed dict, or
                `dict[str, object]` for any JSON object; None for a workflow without data.

        Raises:
            InvalidArgumentError: The key is empty or no text, or the type is none of these.
        """
        _check_key(key)
        _check_type(data)
        self._key = key
        self._data = data

    @property
    def key(self) -> str:
        """The key of the workflow."""
        return self._key

    @property
    def data(self) -> type[D] | None:
        """The type of the data; None for a workflow without data."""
        return self._data

    def json_schema(self) -> dict[str, Any] | None:
        """Return the JSON schema of the data as it is sent, by alias; None if any JSON object is accepted.

        The simulator validates triggers against it.

        Raises:
            InvalidArgumentError: Pydantic cannot describe the type.
        """
        from ._json_schema import NO_DATA, describe

        if self._data is None:
            return dict(NO_DATA)
        return None if takes_any(self._data) else describe(self._data)

    @override
    def __repr__(self) -> str:
        if self._data is None:
            return f"Workflow({self._key!r})"
        return f"Workflow({self._key!r}, data={_name(self._data)})"

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, Workflow) and (self._key, self._data) == (other._key, other._data)

    @override
    def __hash__(self) -> int:
        return hash(self._key)

    @override
    def __reduce__(self) -> tuple[Callable[..., Workflow[Any]], tuple[str, type[Any] | None]]:
        return _rebuild, (self._key, self._data)

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let Pydantic check only that a value is a workflow, for `validate_call`."""
        from pydantic_core import core_schema

        return core_schema.is_instance_schema(cls)


def is_workflow(value: object) -> TypeIs[Workflow[Any]]:
    """Return whether a value is a typed workflow."""
    return isinstance(value, Workflow)


def key_of(workflow: object) -> Any:
    """Return the key of a typed workflow; anything else unchanged, for other checks to judge."""
    return workflow.key if is_workflow(workflow) else workflow


def takes_any(data_type: Any) -> bool:
    """Return whether the type of a workflow's data is that of all JSON objects."""
    return data_type is dict or (get_origin(data_type) is dict and get_args(data_type)[1] in (object, Any))


def _rebuild(key: str, data: type[Any] | None) -> Workflow[Any]:
    return Workflow(key, data=data)


def _check_key(key: object) -> None:
    if not isinstance(key, str):
        raise InvalidArgumentError("key", f"must be a string, not {type(key).__name__}: pass the key of the workflow")
    if not key:
        raise InvalidArgumentError("key", "is empty: pass the key of the workflow")


def _check_type(data: object) -> None:
    origin: Any = get_origin(data) or data
    if data is None or data is dict or (origin is dict and len(get_args(data)) == 2) or is_typeddict(origin):
        return
    data_class: Any = origin
    if isinstance(data_class, type):
        from pydantic import BaseModel, RootModel

        # Neither of the two base classes says what the data is.
        if is_dataclass(data_class) or (issubclass(data_class, BaseModel) and data_class not in (BaseModel, RootModel)):
            return
    shown = _name(data) if isinstance(data, type) or get_origin(data) is not None else type(data).__name__
    problem = f"must be a class of Pydantic models, a dataclass, a typed dict or dict[str, object], not {shown}"
    raise InvalidArgumentError("data", problem)


def _name(data: Any) -> str:
    return repr(data) if get_origin(data) is not None else data.__name__
