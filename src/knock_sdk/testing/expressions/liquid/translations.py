"""Translations: which text a key has in a locale, and the plural form for a count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...._core.type_guards import is_object
from ...state.content import TranslationKey
from .rendering import Rendering
from .variables import LOCALE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from liquid import Environment

    from ...state.content import SharedContent
    from .variables import Lookup

SYSTEM = "system"
"""Namespace of the texts between `{% t %}` and `{% endt %}`."""


def find(content: SharedContent, tenant: str | None, locale: str | None, namespace: str, path: list[str]) -> Any:
    """Return the translation for a key, or None if there is none.

    The tenant's translations come before those of all, and each time the locale before its language, and that before
    the account's locale.

    Args:
        content: the declared translations.
        tenant: id of the tenant, or None.
        locale: the locale; the account's if None.
        namespace: the namespace, which may be empty.
        path: names of the nested objects, and the name of the text.
    """
    wanted = locale or content.default_locale
    locales = dict.fromkeys([wanted, wanted.split("-")[0], content.default_locale])
    for owner in dict.fromkeys([tenant, None]):
        for each in locales:
            found: Any = content.translations.get(TranslationKey(owner, each, namespace))
            for name in path:
                found = found.get(name) if is_object(found) else None
            if found is not None:
                return found
    return None


def translate(
    lookup: Lookup, key: str, arguments: Mapping[str, Any], scope: Mapping[str, Any], environment: Environment
) -> str | None:
    """Return the translation for a key such as `emails:cart.title`, rendered; nothing if there is none, a guess.

    Args:
        lookup: the translations.
        key: the key, with its namespace before the first colon.
        arguments: values for the text; `count` also selects the plural form.
        scope: the context, which the text can read too: a guess.
        environment: Liquid.
    """
    namespace, colon, path = key.partition(":")
    if not colon:
        namespace, path = "", key
    found = _select_plural(
        lookup.translation(namespace, path, scope.get(LOCALE), verbatim=False), arguments.get("count")
    )
    if found is None or is_object(found):
        return None
    return Rendering(environment, {**scope, **arguments}).render(str(found), f"translation {key}")


def translate_text(lookup: Lookup | None, text: str, scope: Mapping[str, Any]) -> str:
    """Return the translation of a text of the account's locale, not yet rendered; the text itself if it has none."""
    if lookup is None:
        return text
    found = lookup.translation(SYSTEM, text, scope.get(LOCALE), verbatim=True)
    return found if isinstance(found, str) else text


def _select_plural(found: Any, count: Any) -> Any:
    """Return the form for a count: `zero` for none, if there is one, `one` for one, otherwise `other`."""
    if not is_object(found) or count is None:
        return found
    form = "zero" if count == 0 else "one" if count == 1 else "other"
    return found.get(form, found.get("other"))
