"""Base classes of the generated models, and the markers that select a model of a union."""

from __future__ import annotations

from collections.abc import Iterable, Mapping  # noqa: TC003 - needed to evaluate the annotations
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, cast, get_args

from pydantic import BaseModel, ConfigDict, SerializationInfo, SerializerFunctionWrapHandler, model_serializer
from pydantic_core import SchemaSerializer, core_schema
from typing_extensions import override

from .response_info import ResponseInfo  # noqa: TC001 - needed to evaluate the annotations

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

__all__ = [
    "ByEventType",
    "ByProvider",
    "ByTypename",
    "Model",
    "OpenModel",
    "mark_gaps",
    "models_by_type",
    "set_response_info",
]

_GAPS = "_knock_sdk_gaps"
"""A private attribute, since copies and pickles have these; fields and properties of models have other names."""
_OTHER = "another type"
_ANY = SchemaSerializer(core_schema.any_schema())


class Model(BaseModel):
    """An object in a response.

    Unknown fields are preserved and can be read as attributes; a dump uses the API's own names.
    """

    # A real slot: it costs nested models nothing, and dumps, comparisons, copies and pickles leave it out.
    __slots__ = ("_response_info",)

    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="allow",
        protected_namespaces=(),
        serialize_by_alias=True,
        validate_by_alias=True,
        validate_by_name=True,
    )

    @model_serializer(mode="wrap")
    def _dump_received(self, handler: SerializerFunctionWrapHandler, info: SerializationInfo) -> dict[str, Any]:
        """Leave out fields that the response did not have: as null, they would be cleared if the dump is sent back."""
        if (private := self.__pydantic_private__) is not None and _GAPS in private:
            return _dump_with_gaps(self, info)
        dumped: dict[str, Any] = handler(self)
        given = self.__pydantic_fields_set__
        for name, alias in _names(type(self)):
            if name not in given:
                dumped.pop(alias, None)
                dumped.pop(name, None)
        return dumped

    @override
    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Describe all fields, for dumps too, although a dump may leave some out."""
        return handler(cast("CoreSchema", {key: value for key, value in schema.items() if key != "serialization"}))

    @property
    def response_info(self) -> ResponseInfo:
        """The request id, status, headers and times of the call that returned this model.

        Raises:
            AttributeError: no call returned this model: it is nested in another, a copy, or created directly.
        """
        try:
            info: ResponseInfo = object.__getattribute__(self, "_response_info")
        except AttributeError:
            raise AttributeError(
                f"this {type(self).__name__} has no response_info: it was not returned by a call; read it on what"
                " a method returned"
            ) from None
        return info


class OpenModel(Model):
    """An object that may have custom properties too."""

    @property
    def properties(self) -> dict[str, Any]:
        """The custom properties: every field that is not one of the API's own."""
        return self.__pydantic_extra__ or {}

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...


@cache
def _names(model: type[Model]) -> tuple[tuple[str, str], ...]:
    return tuple((name, field.alias or name) for name, field in model.model_fields.items())


def set_response_info(model: Model, info: ResponseInfo) -> None:
    """Attach the information about a call to the model that it returned."""
    object.__setattr__(model, "_response_info", info)


def mark_gaps(model: Model) -> None:
    """Mark a model as one whose fields may be missing or have any type; copies and pickles are marked too."""
    object.__setattr__(model, "__pydantic_private__", {**(model.__pydantic_private__ or {}), _GAPS: True})


def _dump_with_gaps(model: Model, info: SerializationInfo) -> dict[str, Any]:
    """Dump by the types of the values: Pydantic's own way relies on those that are declared, warns, and may raise."""
    fields = type(model).model_fields
    given = model.__pydantic_fields_set__
    values = {name: value for name, value in model.__dict__.items() if name in given or name not in fields}
    values |= model.__pydantic_extra__ or {}
    if info.exclude_none:
        values = {name: value for name, value in values.items() if value is not None}
    if info.exclude_defaults:
        values = {
            name: value
            for name, value in values.items()
            if name not in fields or fields[name].is_required() or value != fields[name].default
        }
    dumped: dict[str, Any] = _ANY.to_python(
        values,
        mode=info.mode,
        include=cast("Any", info.include),
        exclude=cast("Any", info.exclude),
        by_alias=info.by_alias,
        exclude_defaults=info.exclude_defaults,
        exclude_none=info.exclude_none,
        round_trip=info.round_trip,
        warnings=False,
        context=info.context,
    )
    if info.by_alias is False:
        return dumped
    aliases = dict(_names(type(model)))
    return {aliases.get(name, name): value for name, value in dumped.items()}


class ByTypename:
    """Marks a union of models: `__typename` selects one if it is its name; otherwise Pydantic decides by the fields."""

    @staticmethod
    def __get_pydantic_core_schema__(source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate as the model that `__typename` names; leave other values to Pydantic's own choice."""
        models = {model.__name__: handler.generate_schema(model) for model in get_args(source)}

        def check_unnamed(value: object) -> object:
            if _read(value, "__typename") in models:
                raise ValueError("does not match the model that its __typename names")
            return value

        named = core_schema.tagged_union_schema(models, discriminator="__typename")
        by_fields = core_schema.no_info_before_validator_function(check_unnamed, handler(source))
        return core_schema.union_schema([named, by_fields], mode="left_to_right")


def _read(value: object, field: str) -> str | None:
    """Return a text in a JSON object or in a model, None if there is none."""
    read: object = (
        cast("dict[str, object]", value).get(field) if isinstance(value, dict) else getattr(value, field, None)
    )
    return read if isinstance(read, str) else None


class ByEventType:
    """Marks a union of events: the constant `type` of a model selects it, and the last model takes all other types."""

    @staticmethod
    def __get_pydantic_core_schema__(source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate as the model of the event's type."""
        *known, other = get_args(source)
        schemas = {name: handler.generate_schema(model) for name, model in models_by_type(known).items()}

        def choose(value: object) -> str:
            event_type = _read(value, "type")
            return event_type if event_type is not None and event_type in schemas else _OTHER

        return core_schema.tagged_union_schema({**schemas, _OTHER: handler.generate_schema(other)}, choose)


def models_by_type(models: Iterable[type[BaseModel]]) -> dict[str, type[BaseModel]]:
    """Return models by the constant `type` that each has."""
    return {get_args(model.model_fields["type"].annotation)[0]: model for model in models}


class ByProvider:
    """Marks a union of channel data: the field `provider` beside it selects the model, if it is one of those listed."""

    def __init__(self, models: Mapping[str, type[Model]]) -> None:
        """Store the model of each provider."""
        self._models = models

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Wrap the union; `provider` is declared before the union's field, so its value is known by then."""
        return core_schema.with_info_wrap_validator_function(self._validate, handler(source))

    def _validate(
        self, value: Any, handler: core_schema.ValidatorFunctionWrapHandler, info: core_schema.ValidationInfo
    ) -> Any:
        model = self._models.get((info.data or {}).get("provider", ""))
        return handler(value) if model is None else model.model_validate(value)
