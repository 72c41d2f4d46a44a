"""What the models that `python -m knock_sdk.workflows` writes are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, SerializationInfo, SerializerFunctionWrapHandler, model_serializer

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

T = TypeVar("T")


class _LeftOut:
    """Marks a field that is left out while it is None, because its schema does not allow null."""

    @staticmethod
    def __get_pydantic_json_schema__(schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        inner: Any = schema
        return handler(inner["schema"] if schema["type"] == "nullable" else schema)


Omittable: TypeAlias = Annotated[T | None, _LeftOut()]
"""A field that may be missing but cannot be null: None, its default, leaves it out."""


class WorkflowData(BaseModel):
    """A model of trigger data, or of an object in it; its fields can be given by name or by alias.

    Fields that were not given are left out, and fields of type `Omittable` also if they were given as None. Further
    fields are kept, as JSON schemas allow them unless they say otherwise.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="allow", protected_namespaces=(), validate_by_alias=True, validate_by_name=True
    )

    @model_serializer(mode="wrap")
    def _leave_out(self, handler: SerializerFunctionWrapHandler, info: SerializationInfo):  # type: ignore[no-untyped-def]  # noqa: ANN202
        # Without an annotation, Pydantic describes the model by its fields.
        written: dict[str, Any] = handler(self)
        for name, field in type(self).model_fields.items():
            omittable = any(isinstance(each, _LeftOut) for each in field.metadata)
            if getattr(self, name, None) is None and (omittable or name not in self.model_fields_set):
                alias = field.serialization_alias
                written.pop(name if alias is None or not info.by_alias else alias, None)
        return written
