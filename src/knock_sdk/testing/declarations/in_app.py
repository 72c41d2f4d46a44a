"""Declarations about feeds, guides and the preference center."""

# ruff: noqa: TC001 - annotations of public methods can be evaluated
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..environment import Environment
from ..expressions.conditions.step_conditions import parse_conditions
from ..expressions.liquid.liquid import check_texts
from ..messaging.feeds import FeedSettings
from ..messaging.guide_records import Guide, Guides, Step
from ..recipients.audiences import Audiences
from ..recipients.preference_center import PreferenceCenter, check
from ..state.arguments import check_type
from ..state.channels import GUIDE
from ..state.ids import uuid_of
from ..state.names import refuse_misspelt
from ..state.steps.condition_types import Conditions

_DEFAULT_STEP = "step_1"


class InAppDeclarations(Environment):
    """Declarations of what users see in the product: feeds, guides and the preference center."""

    def guide(
        self,
        key: str,
        *,
        channel: str = GUIDE,
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
        strict_tenancy: bool = False,
    ) -> str:
        """Declare a guide, or replace it; what users did with it before is preserved.

        Args:
            key: Key of the guide.
            channel: Key of an in-app guide channel.
            type: Message type of the guide.
            content: Content of a guide with one step, whose reference is `step_1`; Liquid in it reads `recipient`,
                `tenant`, `vars` and the `data` of the request.
            steps: Instead of `content`, the content of each step by the step's reference, in order.
            active: Whether the guide is active; if not, it is ineligible as `guide_not_active`.
            audience: Key of the target audience; all users if absent.
            conditions: Conditions on `recipient`, `tenant` and the `data` of the request, as in a workflow's step.
            url_patterns: URL patterns that the page evaluates, such as `{"directive": "allow", "pathname": "/home"}`.
            url_rules: URL rules that the page evaluates, with `directive`, `variable`, `operator` and `argument`.
            bypass_group_limit: Whether the guide ignores the pause between two guides.
            strict_tenancy: Whether members of the audience see the guide only with the tenant of their membership.
            position: Index among the guides, from 0. By default a new guide comes last, and a replaced one stays.

        Returns:
            Id of the guide, which requests that change its status need besides its key.

        Raises:
            TypeError: `steps` is not a mapping.
            ValueError: The channel is not an in-app guide channel, the conditions are malformed, a text is not valid
                Liquid, not exactly one of `content` and `steps` is given, or `audience` is probably a misspelling of a
                declared one.
        """
        if (content is None) == (not steps):
            raise ValueError(f"guide {key!r}: takes either content or steps, and not both")
        if steps:
            check_type("steps", steps, Mapping, "the content of each step, by its reference")
        contents: Mapping[str, Mapping[str, object]] = steps or {_DEFAULT_STEP: content or {}}
        parsed = parse_conditions(conditions, "conditions")
        check_texts(contents, f"guide {key!r}")
        with self._lock:
            world, guides = self._world, self._world.of(Guides)
            refuse_misspelt("audience", audience, world.of(Audiences).by_key)
            guide_channel = world.channels.get(channel)
            if guide_channel.type != GUIDE:
                found = guide_channel.type
                raise ValueError(f"guide {key!r}: the channel {channel!r} is of type {found}, not {GUIDE}")
            now, previous = world.clock.now, guides.declared.get(key)
            guide = Guide(
                id=uuid_of(f"guide {key}"),
                key=key,
                type=type,
                channel=guide_channel,
                steps=tuple(Step(ref, dict(shown)) for ref, shown in contents.items()),
                active=active,
                audience=audience,
                conditions=parsed,
                url_patterns=tuple(map(dict[str, Any], url_patterns)),
                url_rules=tuple(map(dict[str, Any], url_rules)),
                bypass_group_limit=bypass_group_limit,
                inserted_at=previous.inserted_at if previous else now,
                updated_at=now,
                strict_tenancy=strict_tenancy,
            )
            guides.declare(guide, position)
            world.note("guide", key)
            return guide.id

    def guide_group(self, *, display_interval: int | None) -> None:
        """Set the pause between guides, which the page enforces, not the simulator.

        Args:
            display_interval: Seconds from the end of one guide to the next; None for no pause.
        """
        with self._lock:
            self._world.note("guide_group")
            guides = self._world.of(Guides)
            guides.display_interval = display_interval
            guides.changed_at = self._world.clock.now

    def feed_settings(self, *, branding_required: bool) -> None:
        """Set the settings that all feeds share.

        Args:
            branding_required: Whether feeds must show Knock's branding; false until set.
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
        """Declare the preference center; until then it is disabled and has no rows.

        Args:
            title: Heading of the page.
            body: Text under the heading.
            rows: Rows of the page, each with `type`, `name`, the `identifier` of a workflow, category or channel, and
                optionally `description` and `channel_types`. The row `commercial_subscribed` is added if it is absent.
            enabled: Whether the page is enabled.
            account_name: Name of the account.
            show_account_name: Whether the page shows that name.
            branding: `logo_url`, `icon_url`, `primary_color` and `primary_color_contrast`, and the same for dark mode
                under `dark`.
            branding_required: Whether the page must show Knock's branding.

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
