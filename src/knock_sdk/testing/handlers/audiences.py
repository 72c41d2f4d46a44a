"""Audiences: adding, removing and listing members."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ..http.calls import NO_CONTENT, Reply
from ..http.errors import FieldProblem, invalid_params
from ..http.paging import page
from ..recipients import audiences, profiles
from ..state.clock import iso
from ..state.records import Reference
from ..validation.extra_rules import check_user_id

if TYPE_CHECKING:
    from ..http.calls import Call
    from ..recipients.audiences import Membership
    from ..state.json_objects import JSON
    from ..state.world import World


def add(call: Call) -> Reply:
    """Add users to an audience, storing their properties; with `create_audience`, create the audience if need be."""
    world, key, members = call.world, call.path["key"], call.body["members"]
    if not call.query.flag("create_audience") or key in world.of(audiences.Audiences).by_key:
        audiences.existing_static(world, key)
    problems: list[FieldProblem] = []
    for index, member in enumerate(members):
        check_user_id(member["user"]["id"], f"members.{index}.user.id", problems)
    if problems:
        raise invalid_params(problems)
    profiles.identify_all(
        world,
        [
            profiles.InlineRecipient(f"members.{index}.user", _user(member), member["user"])
            for index, member in enumerate(members)
        ],
    )
    audiences.create(world, key)
    for member in members:
        audiences.add(world, key, _user(member), member.get("tenant"))
    return NO_CONTENT


def remove(call: Call) -> Reply:
    """Remove users from an audience; their properties are not stored."""
    audiences.existing_static(call.world, call.path["key"])
    for member in call.body["members"]:
        audiences.remove(call.world, call.path["key"], _user(member), member.get("tenant"))
    return NO_CONTENT


def list_page(call: Call) -> Reply:
    """Return a page of the members, in the order in which they were added."""
    members = audiences.existing(call.world, call.path["key"]).members
    return Reply(page(call, members, partial(_render, call.world), key="entries"))


def _user(member: JSON) -> Reference:
    return Reference(member["user"]["id"])


def _render(world: World, membership: Membership) -> JSON:
    return {
        "__typename": "AudienceMember",
        "added_at": iso(membership.added_at),
        "tenant": membership.tenant,
        # Syncs from data warehouses add users that may not have been identified.
        "user": profiles.render_or_placeholder(world, membership.user, membership.added_at),
        "user_id": membership.user.id,
    }


HANDLERS = {
    "addAudienceMembers": add,
    "listAudienceMembers": list_page,
    "removeAudienceMembers": remove,
}
