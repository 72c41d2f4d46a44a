"""What the generated models are made of."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, cast, get_args

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer
from pydantic_core import core_schema
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

    from .response_info import ResponseInfo

__all__ = ["ByProvider", "ByTypename", "Model", "OpenModel", "set_response_info"]


class Model(BaseModel):
    """An object of an answer.

    Fields that the API adds later are kept and can be read as attributes; a dump gives back the API's own names.
    """

    # A real slot: it costs nested models nothing, and is no part of dumps, comparisons, copies or pickles.
    __slots__ = ("_response_info",)

    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="allow",
        protected_namespaces=(),
        serialize_by_alias=True,
        validate_by_alias=True,
        validate_by_name=True,
    )

    @model_serializer(mode="wrap")
    def _dump_what_came(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out what was missing in the answer: a null in its place would clear the field if it were sent back."""
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
        """Describe the fields, for dumps too, as if nothing were left out."""
        return handler(cast("CoreSchema", {key: part for key, part in schema.items() if key != "serialization"}))

    @property
    def response_info(self) -> ResponseInfo:
        """The request id, status, headers and times of the call that returned this model.

        Raises:
            AttributeError: no call returned it: it is part of another model, a copy, or made by hand.
        """
        try:
            info: ResponseInfo = object.__getattribute__(self, "_response_info")
        except AttributeError:
            raise AttributeError(f"this {type(self).__name__} was not returned by a call") from None
        return info


class OpenModel(Model):
    """An object that also holds custom properties, whatever their names."""

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
    """Attach what is known about a call to the model that it returned."""
    object.__setattr__(model, "_response_info", info)


class ByTypename:
    """Marks a union of models: `__typename` decides if it is the name of one of them, else Pydantic by the fields."""

    @staticmethod
    def __get_pydantic_core_schema__(source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Try the model that is named; only what names none of them goes on to Pydantic's own choice."""
        models = {model.__name__: handler.generate_schema(model) for model in get_args(source)}

        def unnamed(value: object) -> object:
            if _typename_of(value) in models:
                raise ValueError("is not what its __typename says")
            return value

        named = core_schema.tagged_union_schema(models, discriminator="__typename")
        by_fields = core_schema.no_info_before_validator_function(unnamed, handler(source))
        return core_schema.union_schema([named, by_fields], mode="left_to_right")


def _typename_of(value: object) -> str | None:
    name = cast("dict[str, object]", value).get("__typename") if isinstance(value, dict) else None
    return name if isinstance(name, str) else None


class ByProvider:
    """Marks a union of channel data: the `provider` beside it decides, if it is one of those listed."""

    def __init__(self, models: Mapping[str, type[Model]]) -> None:
        """Take the model for each provider."""
        self._models = models

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Wrap the union; `provider` stands before the union's field, so that it is known by then."""
        return core_schema.with_info_wrap_validator_function(self._validate, handler(source))

    def _validate(
        self, value: Any, handler: core_schema.ValidatorFunctionWrapHandler, info: core_schema.ValidationInfo
    ) -> Any:
        model = self._models.get((info.data or {}).get("provider", ""))
        return handler(value) if model is None else model.model_validate(value)
