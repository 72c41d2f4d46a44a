"""Types of data as users write them, and workflows with them."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timezone
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any
from uuid import UUID  # noqa: TC003 - Pydantic evaluates it

from pydantic import BaseModel, ConfigDict, Field, computed_field, field_serializer
from typing_extensions import NotRequired, TypedDict

from knock_sdk.workflows import Workflow


class Priority(Enum):
    LOW = "low"
    HIGH = "high"


class Author(BaseModel):
    full_name: Annotated[str, Field(alias="fullName", max_length=20)]
    age: int | None = None


class Comment(BaseModel):
    """Has what models can have: aliases, limits, objects in it, a serializer, a computed field."""

    text: Annotated[str, Field(alias="commentText", min_length=1, max_length=100)]
    author: Author
    mentions: list[Author] = []
    tags: tuple[str, ...] = ()
    count: Annotated[int, Field(ge=1)] = 1
    priority: Priority = Priority.LOW
    price: Decimal = Decimal("1.50")
    written_at: datetime = datetime(2026, 1, 5, tzinfo=timezone.utc)

    @field_serializer("written_at")
    def _as_day(self, value: datetime) -> str:
        return f"on {value:%d %B}"

    @computed_field
    def length(self) -> int:
        """Follows from another field."""
        return len(self.text)


@dataclasses.dataclass
class Line:
    sku: str
    quantity: Annotated[int, Field(ge=1, alias="qty")] = 1


@dataclasses.dataclass
class Order:
    number: int
    lines: list[Line] = dataclasses.field(default_factory=list)
    placed_at: datetime | None = None


class Place(TypedDict):
    city: str


class Visit(TypedDict):
    visitor: str
    place: NotRequired[Place]
    days: NotRequired[Annotated[int, Field(ge=1)]]
    id: NotRequired[UUID]


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_enum_values=True)

    name: str
    priority: Priority = Priority.LOW


COMMENT = Workflow("comment-created", data=Comment)
ORDER = Workflow("order-placed", data=Order)
VISIT = Workflow("visit", data=Visit)
CLOSED = Workflow("closed", data=Closed)
ANYTHING = Workflow("anything", data=dict[str, object])
DIGEST = Workflow("weekly-digest")


def comment(**fields: Any) -> Comment:
    """Return a valid comment, with some fields of one's own by alias."""
    return Comment.model_validate({"commentText": "Done.", "author": {"fullName": "Ian"}, **fields})


COMMENT_SENT: dict[str, Any] = {
    "commentText": "Done.",
    "author": {"fullName": "Ian", "age": None},
    "mentions": [],
    "tags": [],
    "count": 1,
    "priority": "low",
    "price": "1.50",
    "written_at": "on 05 January",
    "length": 5,
}
"""What is sent for `comment()`."""
