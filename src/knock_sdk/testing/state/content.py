"""What templates share: layouts of emails, partials and translations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from .json_objects import JSON

DEFAULT_LAYOUT = "default"
"""Key of the layout that every account has."""


@dataclass(frozen=True)
class Layout:
    """A layout of emails: the document around the content of a template."""

    key: str
    html: str
    text: str | None
    footer_links: tuple[JSON, ...]
    """Each with `text` and `url`."""
    is_mjml: bool
    branding: JSON
    """Values of `vars.branding` that the layout overrides."""


@dataclass(frozen=True)
class Partial:
    """A piece of a template that other templates render with values of their own."""

    key: str
    type: str
    content: str
    fields: tuple[JSON, ...]
    """The input schema: fields with `key` and `type`, and `settings` that may have a `default`."""


class TranslationKey(NamedTuple):
    """What a set of translations is for: a tenant or all, a locale, and a namespace, which may be empty."""

    tenant: str | None
    locale: str
    namespace: str


@dataclass
class SharedContent:
    """The declared layouts, partials and translations, and the account's locale."""

    layouts: dict[str, Layout] = field(default_factory=dict[str, Layout])
    partials: dict[str, Partial] = field(default_factory=dict[str, Partial])
    translations: dict[TranslationKey, JSON] = field(default_factory=dict[TranslationKey, Any])
    default_locale: str = "en"

    def copy(self) -> SharedContent:
        """Return a copy, which declarations do not change."""
        return SharedContent(dict(self.layouts), dict(self.partials), dict(self.translations), self.default_locale)
