"""Base classes of the generated models, and the markers that select a model of a union."""

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
    def _dump_received(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out fields that the response did not have: as null, they would be cleared if the dump is sent back."""
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
            AttributeError: no call returned this model: it is nested in another, a copy, or constructed by hand.
        """
        try:
            info: ResponseInfo = object.__getattribute__(self, "_response_info")
        except AttributeError:
            raise AttributeError(
                f"this {type(self).__name__} has no response_info: it was not returned by a call"
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


class ByTypename:
    """Marks a union of models: `__typename` selects one if it is its name; otherwise Pydantic decides by the fields."""

    @staticmethod
    def __get_pydantic_core_schema__(source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate as the model that `__typename` names; leave other values to Pydantic's own choice."""
        models = {model.__name__: handler.generate_schema(model) for model in get_args(source)}

        def check_unnamed(value: object) -> object:
            if _typename_of(value) in models:
                raise ValueError("does not match the model that its __typename names")
            return value

        named = core_schema.tagged_union_schema(models, discriminator="__typename")
        by_fields = core_schema.no_info_before_validator_function(check_unnamed, handler(source))
        return core_schema.union_schema([named, by_fields], mode="left_to_right")


def _typename_of(value: object) -> str | None:
    name = cast("dict[str, object]", value).get("__typename") if isinstance(value, dict) else None
    return name if isinstance(name, str) else None


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
