"""Data of a workflow with a type: read, checked, and written as it is sent."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, get_origin

from pydantic import TypeAdapter, ValidationError
from typing_extensions import is_typeddict

from .._core.type_guards import is_items, is_mapping, is_object
from .._core.values.values import to_plain, write_as
from ..errors import InvalidArgumentError
from . import _instances
from ._problems import NOT_WRITTEN, UNKNOWN_FIELD, refuse

if TYPE_CHECKING:
    from collections.abc import Mapping


class Base(NamedTuple):
    """Valid data of a trigger, for the recipients whose own data replaces fields of it."""

    fields: Mapping[Any, Any]
    """What the type reads, by the names under which it reads them."""
    names: dict[str, str]
    """These names, by those that are sent, which may differ."""


class Reader:
    """Reads data of one type.

    An instance of a model or dataclass is checked as it is. A typed dict, and `$trigger_data`, is read as Pydantic
    reads input, which converts `"1"` to a whole number where the type asks for one. What is returned is what the
    type's serializer writes, by alias.
    """

    def __init__(self, data_type: type[Any]) -> None:
        """Store the type, and build its validator and serializer."""
        self._type = data_type
        self._class: Any = get_origin(data_type) or data_type
        self._is_mapping = self._class is dict or is_typeddict(self._class)
        self._adapter: TypeAdapter[Any] = TypeAdapter(data_type)

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
            _instances.check(data, path)
            return self._write(self._convert(data, path), path)
        if not isinstance(data, self._class):
            raise InvalidArgumentError(
                path, f"must be an instance of {self._class.__name__}, not {type(data).__name__}"
            )
        # The class of an instance of `Box[int]`, a dataclass, does not know of `int`.
        _instances.check(data, path, None if self._class is self._type else self._adapter)
        return self._write(data, path)

    def base_of(self, data: object) -> Base:
        """Return data that `read` has accepted, for `read_over`."""
        if is_mapping(data):
            return Base(data, {})
        return Base(_instances.fields_of(data), self._names_read(data))

    def read_over(self, base: Base, overlay: object, path: str) -> dict[str, Any]:
        """Return a recipient's `$trigger_data` as it is sent: together with the data, it must be of the type.

        Args:
            base: the data of the trigger.
            overlay: the recipient's own data, which replaces single fields of it.
            path: the path of the recipient's data, for errors.

        Raises:
            InvalidArgumentError: The two together are not of the type; the error names the place.
        """
        if not self._is_mapping and isinstance(overlay, self._class):
            return self.read(overlay, path)
        _instances.check(overlay, path)
        if _instances.is_instance(overlay):
            overlay = to_plain(overlay, path)
        if not is_mapping(overlay):
            raise InvalidArgumentError(path, f"must be a mapping or a model, not {type(overlay).__name__}")
        replaced = {base.names.get(name, name): value for name, value in overlay.items()}
        written = self._write(self._convert({**base.fields, **replaced}, path), path)
        for name in overlay:
            if name not in written:
                raise InvalidArgumentError(f"{path}.{name}", NOT_WRITTEN)
        computed = self._computed()
        return {name: value for name, value in written.items() if name in overlay or name in computed}

    def _convert(self, given: Mapping[Any, Any], path: str) -> Any:
        """Return what the type reads from a mapping."""
        problem: InvalidArgumentError
        try:
            read = self._adapter.validate_python(dict(given), by_alias=True, by_name=True)
        except ValidationError as error:
            problem = refuse(error, given, path)
        else:
            _refuse_ignored(given, read, path)
            return read
        raise problem

    def _write(self, data: object, path: str) -> dict[str, Any]:
        keeps_nan = "ser_json_inf_nan" in (getattr(self._class, "model_config", None) or {})
        written = write_as(self._adapter.serializer, data, path, keeps_nan=keeps_nan)
        if not is_object(written):
            raise InvalidArgumentError(path, f"must become a JSON object, which {self._class.__name__} does not")
        return written

    def _names_read(self, data: object) -> dict[str, str]:
        """Return the names of fields under which the type reads them, by those under which it writes them."""
        serializer = self._adapter.serializer
        written = serializer.to_python(data, by_alias=True, warnings=False)
        named = serializer.to_python(data, by_alias=False, warnings=False)
        if not is_object(written) or not is_object(named):
            return {}
        cls = type(data)
        return {name: _instances.name_read(cls, own) for name, own in zip(written, named, strict=False)}

    def _computed(self) -> set[str]:
        """Return the names under which computed fields are sent: they may follow from what a recipient replaces."""
        fields: dict[str, Any] = getattr(self._class, "model_computed_fields", {})
        return {field.alias or name for name, field in fields.items()}


@lru_cache(maxsize=1024)
def reader_of(data_type: Any) -> Reader:
    """Return the reader of a type, which is built once."""
    return Reader(data_type)


def _refuse_ignored(given: Any, read: Any, path: str) -> None:
    """Refuse keys of typed dicts that Pydantic leaves out without a word, at any depth."""
    if is_mapping(given) and is_object(read):
        if len(given) > len(read):
            unknown = next((name for name in given if name not in read), "")
            raise InvalidArgumentError(f"{path}.{unknown}", UNKNOWN_FIELD)
        for name, inner in given.items():
            if name in read:
                _refuse_ignored(inner, read[name], f"{path}.{name}")
    elif is_items(given) and is_items(read):
        for index, (inner, kept) in enumerate(zip(given, read, strict=False)):
            _refuse_ignored(inner, kept, f"{path}[{index}]")
