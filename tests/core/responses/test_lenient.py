"""Lenient models for responses that do not validate: valid data is typed, the rest stays raw."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Annotated, Any

import pytest
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from knock_sdk import types as t
from knock_sdk._core.responses.lenient import build
from knock_sdk._core.responses.model import Model

AT = "2030-03-17T12:00:00Z"
NOON = datetime(2030, 3, 17, 12, tzinfo=timezone.utc)


class Leaf(Model):
    typename: Annotated[str, Field(alias="__typename")]
    size: int
    at: AwareDatetime | None = None


class Twig(Model):
    length: float
    leaves: list[Leaf]


class Tree(Model):
    name: str
    crown: Leaf | Twig | None = None
    twigs: list[Twig] = Field(default_factory=list)
    by_name: dict[str, Leaf] | None = None
    height: Annotated[int, Field(ge=0)] = 7
    from_: Annotated[str | None, Field(alias="from")] = None


def test_valid_data_is_validated() -> None:
    assert build(int, "5") == 5
    tree = build(Tree, {"name": "oak", "twigs": [{"length": 1, "leaves": []}]})
    assert tree == Tree.model_validate({"name": "oak", "twigs": [{"length": 1, "leaves": []}]})


def test_an_invalid_field_has_its_raw_value() -> None:
    tree = build(Tree, {"name": 5, "height": -1, "from": ["a"], "crown": "none", "twigs": "few", "colour": "green"})
    assert type(tree) is Tree
    assert (tree.name, tree.height, tree.from_, tree.crown, tree.twigs, tree.colour) == (
        *(5, -1, ["a"], "none", "few", "green"),
    )
    assert tree.model_fields_set == {"name", "height", "from_", "crown", "twigs", "colour"}


def test_a_missing_field_reads_as_none_or_its_default() -> None:
    tree = build(Tree, {"from": "x"})
    assert (tree.name, tree.crown, tree.twigs, tree.height, tree.from_) == (None, None, [], 7, "x")
    assert tree.model_fields_set == {"from_"}
    assert build(Tree, {"from": "y"}).twigs is not tree.twigs
    leaf = build(Leaf, {"size": 1})
    assert (leaf.typename, leaf.model_fields_set) == (None, {"size"})


def test_valid_data_inside_invalid_data_is_typed() -> None:
    tree = build(
        Tree,
        {
            "name": None,
            "crown": {"length": "long", "leaves": [{"__typename": "Leaf", "size": "3", "at": AT}, {"size": "big"}, 5]},
            "by_name": {"a": {"__typename": "Leaf", "size": 1}, "b": {"size": "small", "at": AT}, "c": None},
        },
    )
    assert type(tree.crown) is Twig
    assert tree.crown.length == "long"
    good, gap, other = tree.crown.leaves
    assert good == Leaf.model_validate({"__typename": "Leaf", "size": 3, "at": NOON})
    assert (type(gap), gap.size, other) == (Leaf, "big", 5)
    assert tree.by_name is not None
    assert (type(tree.by_name["a"]), tree.by_name["a"].size) == (Leaf, 1)
    assert (type(tree.by_name["b"]), tree.by_name["b"].size, tree.by_name["b"].at) == (Leaf, "small", NOON)
    assert tree.by_name["c"] is None


def test_a_union_takes_the_model_with_the_most_known_fields() -> None:
    assert type(build(Leaf | Twig, {"size": "x", "length": "y", "leaves": []})) is Twig
    assert type(build(Leaf | Twig, {"size": "x", "at": AT})) is Leaf
    assert build(Leaf | Twig, {"nothing": "known"}) == {"nothing": "known"}


def test_known_fields_are_counted_at_any_depth() -> None:
    class Pot(Model):
        size: int
        leaves: list[Twig]
        owner: Twig

    class Bag(Model):
        size: int
        leaves: list[Leaf]
        owner: Leaf

    assert type(build(Pot | Bag, {"size": "x", "leaves": [{"size": 1, "at": AT}]})) is Bag
    assert type(build(Bag | Pot, {"size": "x", "leaves": [{"length": 1}, {"length": 2}, 5]})) is Pot
    assert type(build(Pot | Bag, {"size": "x", "leaves": [], "owner": {"size": "y"}})) is Bag
    assert type(build(Bag | Pot, {"size": "x", "owner": "me"})) is Bag


def test_annotations_of_a_type_are_ignored() -> None:
    annotated: Any = Annotated[Annotated[Leaf | Twig, Field(description="inner")] | None, Field(description="outer")]
    assert type(build(annotated, {"length": "y"})) is Twig
    assert type(build(Annotated[list[Leaf], Field(min_length=9)], [{"size": "x"}])[0]) is Leaf


def test_the_typename_takes_precedence_over_the_fields() -> None:
    assert type(build(Leaf | Twig, {"__typename": "Leaf", "length": 1, "leaves": "x"})) is Leaf


@pytest.mark.parametrize("raw", [None, 5, "text", True, [], [{}], {"nothing": "known"}])
def test_data_without_known_fields_is_returned_raw(raw: object) -> None:
    assert build(Leaf, raw) == raw
    assert not isinstance(build(Leaf, raw), Leaf)


@pytest.mark.parametrize(
    "name", ["cls", "self", "_fields_set", "values", "model", "__class__", "__dict__", "model_fields"]
)
def test_a_property_named_like_an_internal_of_python_is_preserved(name: str) -> None:
    user = build(t.User, {"__typename": "User", "id": 5, name: "theirs"})
    assert type(user) is t.User
    assert user.properties == {name: "theirs"}
    assert user.id == 5
    assert user.model_fields_set == {"typename", "id", name}


def test_a_property_named_like_an_attribute_does_not_replace_it() -> None:
    user = build(t.User, {"__typename": "User", "id": 5, "typename": "theirs"})
    assert user.typename == "User"
    assert user.model_fields_set == {"typename", "id"}


def test_unknown_fields_are_dropped_by_a_model_that_ignores_them() -> None:
    class Closed(BaseModel):
        model_config = ConfigDict(extra="ignore")
        size: int

    closed = build(Closed, {"size": "x", "other": 1})
    assert (type(closed), closed.size, closed.model_fields_set) == (Closed, "x", {"size"})
    assert not hasattr(closed, "other")


def test_raw_data_is_not_changed() -> None:
    raw: dict[str, Any] = {"name": 5, "twigs": [{"length": "x", "leaves": [{"size": "y"}]}], "colour": "green"}
    before = repr(raw)
    build(Tree, raw)
    assert repr(raw) == before
