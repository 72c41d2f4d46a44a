"""JSON schemas of workflows' data, as it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import PydanticUndefinedAnnotation, PydanticUserError, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from typing_extensions import override

from ..errors import InvalidArgumentError

if TYPE_CHECKING:
    from pydantic_core import core_schema

NO_DATA: dict[str, Any] = {"type": "object", "additionalProperties": False}
"""The schema of a workflow without data."""

_OWN = ("pydantic", "knock_sdk")


class _Schemas(GenerateJsonSchema):
    """Describes what the client sends: typed dicts have no further keys, and serializers write what they say."""

    @override
    def typed_dict_schema(self, schema: core_schema.TypedDictSchema) -> JsonSchemaValue:
        described = super().typed_dict_schema(schema)
        described.setdefault("additionalProperties", False)
        return described

    @override
    def ser_schema(
        self, schema: core_schema.SerSchema | core_schema.IncExSeqSerSchema | core_schema.IncExDictSerSchema
    ) -> JsonSchemaValue | None:
        if schema["type"] in ("function-plain", "function-wrap") and schema.get("return_schema") is None:
            home = str(getattr(schema.get("function"), "__module__", "")).partition(".")[0]
            # What an author's serializer writes is unknown unless it is annotated; Pydantic would describe its input.
            return None if home in _OWN else {}
        return super().ser_schema(schema)


def describe(data_type: type[Any]) -> dict[str, Any]:
    """Return the JSON schema of a type, by alias.

    Raises:
        InvalidArgumentError: Pydantic cannot describe the type.
    """
    try:
        adapter: TypeAdapter[Any] = TypeAdapter(data_type)
        return adapter.json_schema(by_alias=True, mode="serialization", schema_generator=_Schemas)
    except (PydanticUserError, PydanticUndefinedAnnotation) as error:
        raise InvalidArgumentError("data", f"has a type that Pydantic cannot describe: {error.message}") from error
