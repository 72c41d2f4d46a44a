"""Data of a workflow with a type: read, checked, and written as it is sent."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, cast, get_origin

from pydantic import RootModel, TypeAdapter, ValidationError
from typing_extensions import is_typeddict

from .._core.type_guards import is_mapping, is_object
from .._core.values.values import to_plain, write_as
from ..errors import InvalidArgumentError
from . import _instances
from ._ignored import refuse_ignored
from ._problems import COMPUTED, NOT_WRITTEN, SENT_AS, refuse
from ._shapes import Field, shape_of, shapes_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_NOTHING = object()


class Base(NamedTuple):
    """Valid data of a trigger, for the recipients whose own data replaces fields of it."""

    fields: Mapping[Any, Any]
    """What the type reads, by the names under which it reads them."""
    written: Mapping[str, Any]
    """What the type writes for them, once it has read them again."""
    fields_sent: Mapping[str, Field]
    """The fields of the type by the names under which they are sent."""


class Reader:
    """Reads data of one type.

    An instance of a model or dataclass is checked as it is. A typed dict, and `$trigger_data`, is read as Pydantic
    reads input, which converts `"1"` to a whole number where the type asks for one. What is returned is what the
    type's serializer writes, by alias.
    """

    def __init__(self, data_type: type[Any]) -> None:
        """Store the type, and build its validator and serializer."""
        self._class: Any = get_origin(data_type) or data_type
        self._is_mapping = self._class is dict or is_typeddict(self._class)
        self._adapter: TypeAdapter[Any] = TypeAdapter(data_type)
        self._shapes = shapes_of(cast("Any", data_type))

    def read(self, data: object, path: str) -> dict[str, Any]:
        """Return data as it is sent.

        Args:
            data: the caller's data.
            path: its path, for errors.

        Raises:
            InvalidArgumentError: The data is not of the type, or has an invalid value; the error names the place.
        """
        if self._is_mapping:
            if not is_mapping(data):
                raise InvalidArgumentError(path, f"must be a mapping, not {type(data).__name__}")
            _instances.check(data, path, self._shapes)
            return self._write(self._convert(data, path), path)
        if not isinstance(data, self._class):
            raise InvalidArgumentError(
                path, f"must be an instance of {self._class.__name__}, not {type(data).__name__}"
            )
        _instances.check(data, path, self._shapes)
        return self._write(data, path)

    def base_of(self, data: object) -> Base:
        """Return data that `read` has accepted, for `read_over`."""
        root = _root_of(data)
        fields = root if is_mapping(root) else _instances.fields_of(root)
        path = "data"
        return Base(fields, self._write(self._convert(fields, path, {}), path), self._fields_of(root))

    def read_over(self, base: Base, overlay: object, path: str) -> dict[str, Any]:
        """Return a recipient's `$trigger_data` as it is sent: together with the data, it must be of the type.

        Args:
            base: the data of the trigger.
            overlay: the recipient's own data, which replaces single fields of it.
            path: the path of the recipient's data, for errors.

        Raises:
            InvalidArgumentError: The two together are not of the type, or a key is not that of a field that can be
                given; the error names the place.
        """
        if not self._is_mapping and isinstance(overlay, self._class):
            return self.read(overlay, path)
        if _instances.is_instance(overlay):
            _instances.check(overlay, path)
            overlay = to_plain(overlay, path)
        if not is_mapping(overlay):
            raise InvalidArgumentError(path, f"must be a mapping or a model, not {type(overlay).__name__}")
        _check_names(overlay, base.fields_sent, path)
        _instances.check(overlay, path)
        replaced: dict[Any, Any] = {}
        given = dict(base.fields)
        names: dict[str, str] = {}
        for name, value in overlay.items():
            field = base.fields_sent.get(name)
            for read in () if field is None else field.read:
                given.pop(read, None)
            read_as = name if field is None else field.read[0]
            replaced[read_as] = value
            names[read_as] = str(name)
        read = self._convert({**given, **replaced}, path, names)
        fields = self._fields_of(_root_of(read))
        _check_names(overlay, fields, path)
        _instances.check(_named(read, fields, overlay), path)
        written = self._write(read, path)
        for name in overlay:
            if name not in written:
                raise InvalidArgumentError(f"{path}.{name}", NOT_WRITTEN)
        return {
            name: value
            for name, value in written.items()
            if name in overlay or _is_computed(fields.get(name)) or base.written.get(name, _NOTHING) != value
        }

    def _fields_of(self, root: object) -> Mapping[str, Field]:
        """Return the fields of data by the names under which they are sent."""
        if _instances.is_instance(root):
            shape = shape_of(root.__class__)
            found = [] if shape is None else [shape]
        else:
            found = [each for each in self._shapes if each.kind == "typed-dict"]
        return {field.written: field for each in found for field in each.fields().values()}

    def _convert(self, given: Mapping[Any, Any], path: str, names: Mapping[str, str] | None = None) -> Any:
        """Return what the type reads from a mapping."""
        problem: InvalidArgumentError
        cls: Any = self._class
        own_init = getattr(cls, "__pydantic_custom_init__", False) and not getattr(
            cls, "__pydantic_root_model__", False
        )
        try:
            if own_init:
                read = _instances.construct(self._adapter, self._class, dict(given), strict=None)
            else:
                read = self._adapter.validate_python(dict(given), by_alias=True, by_name=True)
        except ValidationError as error:
            problem = refuse(error, given, path, names or {})
        else:
            refuse_ignored(given, read, path, self._shapes)
            return read
        raise problem

    def _write(self, data: object, path: str) -> dict[str, Any]:
        keeps_nan = "ser_json_inf_nan" in (getattr(self._class, "model_config", None) or {})
        written = write_as(self._adapter.serializer, data, path, keeps_nan=keeps_nan)
        if not is_object(written):
            raise InvalidArgumentError(path, f"must become a JSON object, which {self._class.__name__} does not")
        return written


@lru_cache(maxsize=1024)
def reader_of(data_type: Any) -> Reader:
    """Return the reader of a type, which is built once."""
    return Reader(data_type)


def _root_of(value: object) -> object:
    """Return what stands in models of one value, such as the mapping in `RootModel[dict[str, int]]`."""
    root: Any = value
    while isinstance(root, RootModel):
        root = root.root  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return root  # pyright: ignore[reportUnknownVariableType]


def _is_computed(field: Field | None) -> bool:
    return field is not None and not field.read


def _named(read: object, fields: Mapping[str, Field], overlay: Mapping[Any, Any]) -> dict[Any, Any]:
    """Return what was read for the keys of a recipient's own data."""
    root = _root_of(read)
    if is_mapping(root):
        return {}
    return {name: getattr(root, field.name, None) for name in overlay if (field := fields.get(name)) is not None}


def _check_names(overlay: Mapping[Any, Any], fields: Mapping[str, Field], path: str) -> None:
    """Refuse keys of a recipient's own data that would have no effect, although the type may accept them."""
    by_name = {field.name: field for field in fields.values()}
    for name in overlay:
        if (field := fields.get(name)) is not None:
            if not field.is_read:
                raise InvalidArgumentError(f"{path}.{name}", COMPUTED)
        elif (field := by_name.get(name)) is not None:
            raise InvalidArgumentError(f"{path}.{name}", SENT_AS.format(field.written))
