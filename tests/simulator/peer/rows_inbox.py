"""Rows for feeds, guides and the preference center."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .row import Read, Row
from .scene import GUIDE, GUIDE_CONTENT, GUIDE_STEP, WORKFLOW

if TYPE_CHECKING:
    from .row import Expected
    from .scene import Scene


def rows(scene: Scene) -> list[Row]:
    """Return the rows."""
    return [*_feeds(scene), *_guides(scene), *_preference_center()]


def _feeds(scene: Scene) -> list[Row]:
    feed = ("ana", scene.feed)
    item = {"id": scene.message, "source": {"key": WORKFLOW}, "data": {"comment": "Done."}, "tenant": "acme"}
    return [
        Row("users.feeds.list_items", feed, {"status": "unread", "tenant": "acme"}, returns=[item]),
        Row("users.feeds.list_items", feed, {"status": "read"}, returns=[]),
        Row("users.feeds.get_settings", feed, returns={"features": {"branding_required": False}}),
    ]


def _guides(scene: Scene) -> list[Row]:
    listed = ("ana", scene.guides)
    step = {
        "channel_id": scene.guides,
        "guide_id": scene.guide,
        "guide_key": GUIDE,
        "guide_step_ref": GUIDE_STEP,
    }
    done = {"status": "ok"}

    def shown(**message: Expected) -> Read:
        entry = {"key": GUIDE, "steps": [{"ref": GUIDE_STEP, "content": GUIDE_CONTENT, "message": message}]}
        return Read("users.guides.get_channel", listed, {"entries": [entry]})

    return [
        Row(
            "users.guides.get_channel",
            listed,
            {"type": "banner", "data": '{"beta":true}'},
            returns={"entries": [{"key": GUIDE, "id": scene.guide}], "ineligible_guides": []},
        ),
        Row(
            "users.guides.mark_message_as_seen",
            ("ana",),
            {**step, "content": GUIDE_CONTENT},
            returns=done,
            then=[shown(seen_at=bool, interacted_at=None, archived_at=None)],
        ),
        Row(
            "users.guides.mark_message_as_interacted",
            ("ana",),
            {**step, "metadata": {"button": "next"}},
            returns=done,
            then=[shown(interacted_at=bool, archived_at=None)],
        ),
        Row(
            "users.guides.mark_message_as_archived",
            ("ana",),
            step,
            returns=done,
            then=[
                Read(
                    "users.guides.get_channel",
                    listed,
                    {"entries": [], "ineligible_guides": [{"key": GUIDE, "reason": "marked_as_archived"}]},
                )
            ],
        ),
        Row(
            "users.guides.unarchive_guide_message",
            ("ben",),
            {"guide_key": GUIDE},
            returns=done,
            then=[Read("users.guides.get_channel", ("ben", scene.guides), {"entries": [{"key": GUIDE}]})],
        ),
        Row(
            "users.guides.reset_guide_engagements",
            ("ben",),
            {"guide_key": GUIDE},
            returns=done,
            then=[
                Read(
                    "users.guides.get_channel",
                    ("ben", scene.guides),
                    {"entries": [{"key": GUIDE, "steps": [{"message": {"seen_at": None, "archived_at": None}}]}]},
                )
            ],
        ),
    ]


def _preference_center() -> list[Row]:
    return [
        Row(
            "users.preference_center.get_config",
            ("ana",),
            returns={"enabled": True, "config": {"title": "Your choice"}, "user_email": "ana@example.com"},
        ),
        Row(
            "users.preference_center.generate_signed_url",
            ("ana",),
            returns={"url": lambda url: url.startswith("https://"), "token": bool},
        ),
    ]
