"""What tests declare about feeds, guides and the preference center."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..environment import Environment
from ..expressions.step_conditions import parse_conditions
from ..messaging.feeds import FeedSettings
from ..messaging.guides import CHANNEL_TYPE, Guide, Guides, Step
from ..recipients.preference_center import PreferenceCenter, check
from ..state.ids import uuid_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..state.steps import Conditions

_ONLY_STEP = "step_1"


class InAppDeclarations(Environment):
    """What users see in the product: feeds, guides, the preference center."""

    def guide(
        self,
        key: str,
        *,
        channel: str = CHANNEL_TYPE,
        type: str = "banner",
        content: Mapping[str, object] | None = None,
        steps: Mapping[str, Mapping[str, object]] | None = None,
        active: bool = True,
        audience: str | None = None,
        conditions: Conditions = (),
        url_patterns: Sequence[Mapping[str, str]] = (),
        url_rules: Sequence[Mapping[str, str]] = (),
        bypass_group_limit: bool = False,
        position: int | None = None,
    ) -> str:
        """Declare a guide; one that exists is replaced, and what users did with it is kept.

        Args:
            key: Key of the guide.
            channel: Key of an in-app guide channel.
            type: Message type that the guide is built on.
            content: What its only step shows; that step's reference is `step_1`.
            steps: Instead of that, what each step shows, by the steps' references, in order.
            active: False makes it ineligible as `guide_not_active`.
            audience: Key of the audience that it is meant for; everyone if absent.
            conditions: Conditions on `recipient`, `tenant` and the `data` of the request, as in a workflow's step.
            url_patterns: URL patterns for the page to go by, such as `{"directive": "allow", "pathname": "/home"}`.
            url_rules: URL rules for the page to go by, with `directive`, `variable`, `operator` and `argument`.
            bypass_group_limit: Whether the guide ignores the pause between two guides.
            position: Its place among the guides, from 0; the last one if absent.

        Returns:
            Id of the guide, which changes of its status name besides its key.

        Raises:
            ValueError: The channel is not for guides, the conditions are malformed, or both `content` and `steps` are
                given, or neither.
        """
        if (content is None) == (not steps):
            raise ValueError(f"guide {key!r}: takes either content or steps")
        listed: Mapping[str, Mapping[str, object]] = steps or {_ONLY_STEP: content or {}}
        tests = parse_conditions(conditions, "conditions")
        with self._lock:
            world, guides = self._world, self._world.of(Guides)
            on = world.channels.get(channel)
            if on.type != CHANNEL_TYPE:
                raise ValueError(f"guide {key!r}: the channel {channel!r} is of type {on.type}, not {CHANNEL_TYPE}")
            now, present = world.clock.now, guides.declared.get(key)
            guide = Guide(
                id=uuid_of(f"guide {key}"),
                key=key,
                type=type,
                channel=on,
                steps=tuple(Step(ref, dict(shown)) for ref, shown in listed.items()),
                active=active,
                audience=audience,
                conditions=tests,
                url_patterns=tuple(map(dict[str, Any], url_patterns)),
                url_rules=tuple(map(dict[str, Any], url_rules)),
                bypass_group_limit=bypass_group_limit,
                inserted_at=present.inserted_at if present else now,
                updated_at=now,
            )
            guides.declare(guide, position)
            return guide.id

    def guide_group(self, *, display_interval: int | None) -> None:
        """Set the pause between guides, which the page keeps by itself.

        Args:
            display_interval: Seconds from the end of one guide to the next; None for no pause.
        """
        with self._lock:
            guides = self._world.of(Guides)
            guides.display_interval = display_interval
            guides.changed_at = self._world.clock.now

    def feed_settings(self, *, branding_required: bool) -> None:
        """Set what holds for every feed.

        Args:
            branding_required: Whether feeds must carry Knock's branding; at first they need not.
        """
        with self._lock:
            self._world.put(FeedSettings(branding_required))

    def preference_center(
        self,
        *,
        title: str = PreferenceCenter.title,
        body: str = PreferenceCenter.body,
        rows: Sequence[Mapping[str, object]] = (),
        enabled: bool = True,
        account_name: str | None = None,
        show_account_name: bool = True,
        branding: Mapping[str, object] | None = None,
        branding_required: bool = False,
    ) -> None:
        """Declare the preference center; until then it is switched off and has no rows.

        Args:
            title: Heading of the page.
            body: Text under the heading.
            rows: The choices, each with `type`, `name` and perhaps `identifier`, `description`, `channel_types`.
            enabled: Whether it is switched on.
            account_name: Name of the account.
            show_account_name: Whether the page shows that name.
            branding: `logo_url`, `icon_url`, `primary_color` and `primary_color_contrast`, and the same for dark mode
                under `dark`.
            branding_required: Whether the page must carry Knock's branding.

        Raises:
            ValueError: A row or the branding is malformed.
        """
        center = PreferenceCenter(
            enabled=enabled,
            title=title,
            body=body,
            rows=[dict(row) for row in rows],
            show_account_name=show_account_name,
            account_name=account_name,
            branding=dict(branding or {}),
            branding_required=branding_required,
        )
        check(center)
        with self._lock:
            self._world.put(center)
