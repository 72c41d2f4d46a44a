"""Grants: what a user token allows in addition to the default, or instead of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence  # noqa: TC003 - needed to evaluate the annotations
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from typing_extensions import TypedDict

from .._core.type_guards import is_items, is_mapping
from .._core.values.argument_types import Items  # noqa: TC001 - needed to evaluate the annotations
from .._core.wire.url import check_segment
from ..errors import InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterator

RESOURCES = "https://api.knock.app/v1/"
"""What the URIs in grants begin with, whatever the base URL of the client is."""

GrantName: TypeAlias = Literal[
    "channel_data/read",
    "channel_data/write",
    "ms_teams/channels_read",
    "preferences/read",
    "preferences/write",
    "slack/channels_read",
    "user/feed_read",
    "user/feed_write",
    "user/guide_read",
    "user/guide_write",
    "user/read",
    "user/write",
]
"""Grants that Knock's documentation or its Node client names."""


class UserEntity(TypedDict):
    """A user, as the subject of a grant; Knock's documentation says that it should be the token's own user."""

    type: Literal["user"]
    """Kind of entity."""
    id: str
    """Id of the user."""


class TenantEntity(TypedDict):
    """A tenant, as the subject of a grant."""

    type: Literal["tenant"]
    """Kind of entity."""
    id: str
    """Id of the tenant."""


class ObjectEntity(TypedDict):
    """An object, as the subject of a grant."""

    type: Literal["object"]
    """Kind of entity."""
    collection: str
    """Collection that the object is in."""
    id: str
    """Id of the object."""


TokenEntity: TypeAlias = UserEntity | TenantEntity | ObjectEntity
"""The subject of a grant."""


class UserTokenGrant(TypedDict):
    """Grants on one entity, as `build_user_token_grant` returns them."""

    entity: str
    """URI of the entity, such as `https://api.knock.app/v1/users/jhammond`."""
    grants: Mapping[str, Sequence[Mapping[str, object]]]
    """Names of the grants; the value of each is `[]`, or `[{}]` as in Knock's documentation."""


class _Kind(NamedTuple):
    folder: str
    """Where the URIs of such entities stand."""
    fields: tuple[str, ...]
    """Names of the fields that follow it in a URI, in this order."""


_KINDS: Mapping[str, _Kind] = {
    "object": _Kind("objects", ("collection", "id")),
    "tenant": _Kind("objects/$tenants", ("id",)),
    "user": _Kind("users", ("id",)),
}
"""Kinds of entities, by the value of `type`."""


def build_user_token_grant(entity: TokenEntity, grants: Items[GrantName | str]) -> UserTokenGrant:
    """Return a grant for `sign_user_token`.

    It equals that of `buildUserTokenGrant` in Knock's Node client, except that ids are percent-encoded in the URI, as
    they are in the paths of requests; Node writes them as they are.

    Args:
        entity: What the grant is for: `{"type": "tenant", "id": …}`, `{"type": "user", "id": …}` or
            `{"type": "object", "collection": …, "id": …}`. A tenant has the URI of an object in the collection
            `$tenants`.
        grants: Names of the grants, such as `slack/channels_read`. Any name is accepted, since Knock's documentation
            and its Node client list different ones.

    Raises:
        InvalidArgumentError: The entity has another form, an id is empty, or the names are not a list of texts.
    """
    uri = _uri_of(entity)
    if not is_items(grants):
        raise InvalidArgumentError("grants", f"must be a list of names, not {type(grants).__name__}")
    for index, name in enumerate(grants):
        _check_text(f"grants[{index}]", name)
    return {"entity": uri, "grants": {name: [] for name in grants}}


def merge_grants(given: object) -> dict[str, dict[str, list[object]]]:
    """Return the claim `grants` of a token: the names of all grants and their values, by the URI of the entity.

    Names of grants on the same entity are collected; of two values for one name, the later counts.

    Raises:
        InvalidArgumentError: One of them does not have the form of a grant.
    """
    merged: dict[str, dict[str, list[object]]] = {}
    for path, grant in _each(given):
        if not is_mapping(grant) or set(grant) != {"entity", "grants"}:
            raise InvalidArgumentError(path, "must be a grant, as build_user_token_grant returns it")
        uri = _check_text(f"{path}.entity", grant["entity"])
        if not uri.startswith(RESOURCES):
            raise InvalidArgumentError(f"{path}.entity", f"must be a URI that begins with {RESOURCES}")
        names: object = grant["grants"]
        if not is_mapping(names):
            raise InvalidArgumentError(f"{path}.grants", f"must be a mapping, not {type(names).__name__}")
        of_entity = merged.setdefault(uri, {})
        for name, value in names.items():
            _check_text(f"{path}.grants", name)
            if not is_items(value):
                raise InvalidArgumentError(f"{path}.grants", f"{name!r} must have the value [] or [{{}}]")
            of_entity[name] = list(value)
    return merged


def _each(given: object) -> Iterator[tuple[str, object]]:
    if is_mapping(given):
        yield "grants", given
    elif is_items(given):
        yield from ((f"grants[{index}]", grant) for index, grant in enumerate(given))
    else:
        raise InvalidArgumentError(
            "grants", f"must be a grant of build_user_token_grant or a list of them, not {type(given).__name__}"
        )


def _uri_of(entity: object) -> str:
    if not is_mapping(entity):
        raise InvalidArgumentError("entity", f"must be a mapping with type and id, not {type(entity).__name__}")
    name: object = entity.get("type")
    kind = _KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise InvalidArgumentError("entity.type", "must be 'object', 'tenant' or 'user'")
    fields = ("type", *kind.fields)
    for field in entity:
        if field not in fields:
            raise InvalidArgumentError(
                "entity", f"has a field {field!r}; with the type {name} it has {', '.join(fields)}"
            )
    return RESOURCES + "/".join(
        [kind.folder, *(check_segment(f"entity.{field}", entity.get(field)) for field in kind.fields)]
    )


def _check_text(path: str, value: object) -> str:
    if not isinstance(value, str):
        raise InvalidArgumentError(path, f"must be a string, not {type(value).__name__}")
    if not value:
        raise InvalidArgumentError(path, "must not be empty")
    return value
