"""Declarations of what templates share: layouts of emails, partials and translations."""

# ruff: noqa: TC003 - annotations of public methods can be evaluated
from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any, Literal, get_args

from ..._core.type_guards import is_mapping
from ..environment import Environment
from ..expressions.emails import emails
from ..expressions.liquid import liquid
from ..state.content import Layout, Partial, SharedContent, TranslationKey
from ..state.names import did_you_mean
from . import audience_segments
from .files import content_files

if TYPE_CHECKING:
    from ..state.world import World

PartialType = Literal["html", "markdown", "text", "json"]

_LINK = ("text", "url")


class ContentDeclarations(Environment):
    """Declarations of layouts, partials and translations, which templates use by their keys."""

    def layout(
        self,
        key: str,
        html: str,
        *,
        text: str | None = None,
        footer_links: Sequence[Mapping[str, str]] = (),
        is_mjml: bool = False,
        branding: Mapping[str, object] | None = None,
    ) -> None:
        """Declare a layout of emails, or replace it.

        Templates name it in `settings.layout_key`. The layout `default` exists without being declared, as a simple one.

        Args:
            key: Key of the layout.
            html: The HTML document in Liquid, with `{{ content }}` where the email goes; `{{ footer_links }}` and
                `{{ preview_text }}` are there as well.
            text: The same for the text version; if absent, that is the text of the email alone.
            footer_links: Links, each with `text` and `url`.
            is_mjml: Whether `html` is MJML.
            branding: Values of `vars.branding` that the layout overrides, such as `primary_color`.

        Raises:
            ValueError: A text is not valid Liquid, has no `{{ content }}` or is no document, or a link is malformed.
            ImportError: Templates need the extra: `pip install 'knock-sdk[simulator]'`.
        """
        fields = {
            "html_layout": html,
            "text_layout": text,
            "footer_links": footer_links,
            "is_mjml": is_mjml,
            "branding_overrides": branding,
        }
        with self._lock:
            self._world.note("declaration")
            _declare_layout(self._world, key, fields, f"layout {key}")

    def partial(
        self,
        key: str,
        content: str,
        *,
        type: PartialType = "html",
        fields: Sequence[Mapping[str, object]] = (),
    ) -> None:
        """Declare a partial, or replace it: a piece that templates render with `{% render 'key', name: value %}`.

        Args:
            key: Key of the partial.
            content: The content in Liquid, which sees the values that it is given, and `vars`.
            type: `html`, `markdown`, `text` or `json`.
            fields: The input schema: objects with `key` and `type`, and perhaps `settings` with a `default`. Values
                that no field gives a type become texts.

        Raises:
            ValueError: The content is not valid Liquid, or the type or a field is malformed.
            ImportError: Templates need the extra: `pip install 'knock-sdk[simulator]'`.
        """
        given = {"content": content, "type": type, "input_schema": fields}
        with self._lock:
            self._world.note("declaration")
            _declare_partial(self._world, key, given, f"partial {key}")

    def translation(
        self, locale: str, content: Mapping[str, object], *, namespace: str = "", tenant: str | None = None
    ) -> None:
        """Declare translations for a locale, or replace those of the same locale, namespace and tenant.

        Templates use them with the filter `t`, `{{ "namespace:cart.title" | t: count: 2 }}`, and with `{% t %}`.

        Args:
            locale: The locale, such as `fr` or `fr-BE`; a recipient's is the property `locale`.
            content: Texts in Liquid by their keys; objects nest, and an object with `zero`, `one` and `other` has the
                plural forms of one text. In the namespace `system`, the keys are the texts between `{% t %}` and
                `{% endt %}`.
            namespace: The namespace, which keys begin with.
            tenant: Id of the tenant that alone uses them; all do if absent.

        Raises:
            ValueError: A text is not valid Liquid.
            TypeError: The content is no object, or has a value that is neither a text nor an object.
            ImportError: Templates need the extra: `pip install 'knock-sdk[simulator]'`.
        """
        with self._lock:
            self._world.note("declaration")
            _declare_translation(self._world, TranslationKey(tenant, locale, namespace), content)

    @property
    def default_locale(self) -> str:
        """The account's locale, `en` at first: its translations are used where a recipient's locale has none."""
        return self._world.of(SharedContent).default_locale

    @default_locale.setter
    def default_locale(self, locale: str) -> None:
        with self._lock:
            self._world.note("declaration")
            self._world.of(SharedContent).default_locale = locale

    def load_content(self, path: str | PathLike[str]) -> list[str]:
        """Declare layouts, partials, translations and audiences from files pulled by Knock's CLI.

        `load_workflows` does it for the folders beside that of the workflows.

        Args:
            path: The folder with the folders `layouts`, `partials`, `translations` and `audiences`, or some of them.

        Returns:
            Their paths in the folder, such as `layouts/default`.

        Raises:
            ValueError: A file is malformed; nothing is declared.
            OSError: A file cannot be read.
        """
        with self._lock:
            self._world.note("declaration")
            files = content_files.load(path)
            paths = declare_files(self._world, files)
            declare_audiences(self._world, files)
        return paths


def declare_files(world: World, files: Sequence[content_files.LoadedContent]) -> list[str]:
    """Declare loaded files apart from audiences, all of them or none; return the paths of all."""
    before = world.of(SharedContent).copy()
    try:
        for each in files:
            _declare_file(world, each)
    except Exception:
        world.put(before)
        raise
    return [each.path for each in files]


def declare_audiences(world: World, files: Sequence[content_files.LoadedContent]) -> None:
    """Declare the audiences among loaded files."""
    for each in files:
        if each.kind == "audiences":
            audience_segments.declare(world, each.key, None, audience_segments.parse_file(each.content, str(each.file)))


def _declare_file(world: World, loaded: content_files.LoadedContent) -> None:
    at = str(loaded.file)
    if loaded.kind == "audiences":
        audience_segments.parse_file(loaded.content, at)  # declared when all files are known to be valid
    elif loaded.kind == "layouts":
        _declare_layout(world, loaded.key, loaded.content, at)
    elif loaded.kind == "partials":
        _declare_partial(world, loaded.key, loaded.content, at)
    else:
        try:
            _declare_translation(world, TranslationKey(None, loaded.key, loaded.namespace), loaded.content)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{at}: {error}") from error


def _declare_layout(world: World, key: str, fields: Mapping[str, Any], at: str) -> None:
    links: tuple[Any, ...] = tuple(fields.get("footer_links") or ())
    for index, link in enumerate(links):
        if not is_mapping(link) or not all(isinstance(link.get(name), str) for name in _LINK):
            raise ValueError(f"{at}.footer_links.{index}: must be an object with text and url")
        for name in _LINK:
            liquid.check_if_template(link[name], f"{at}.footer_links.{index}.{name}")
    layout = Layout(
        key,
        str(fields.get("html_layout") or ""),
        fields.get("text_layout"),
        tuple(dict(link) for link in links),
        is_mjml=bool(fields.get("is_mjml")),
        branding=dict(fields.get("branding_overrides") or {}),
    )
    emails.check_layout(layout, at)
    world.of(SharedContent).layouts[key] = layout


def _declare_partial(world: World, key: str, given: Mapping[str, Any], at: str) -> None:
    kinds, kind = get_args(PartialType), given.get("type") or "html"
    if kind not in kinds:
        raise ValueError(f"{at}.type: {kind!r} is not one of {', '.join(kinds)}{did_you_mean(kind, kinds)}")
    fields: tuple[Any, ...] = tuple(given.get("input_schema") or ())
    for index, field in enumerate(fields):
        if not is_mapping(field) or not isinstance(field.get("key"), str):
            raise ValueError(f"{at}.input_schema.{index}: must be an object with key and type")
    content = given.get("content") or ""
    liquid.check(content, f"{at}.content")
    world.of(SharedContent).partials[key] = Partial(key, kind, content, tuple(dict(field) for field in fields))


def _declare_translation(world: World, key: TranslationKey, content: object) -> None:
    at = f"translation {key.namespace}{':' if key.namespace else ''}{key.locale}"
    if not is_mapping(content):
        raise TypeError(f"{at}: must be an object with texts by their keys")
    _check_texts(content, at)
    world.of(SharedContent).translations[key] = dict(content)


def _check_texts(content: Mapping[Any, Any], at: str) -> None:
    for name, value in content.items():
        if is_mapping(value):
            _check_texts(value, f"{at}.{name}")
        elif isinstance(value, str):
            liquid.check_if_template(value, f"{at}.{name}")
        else:
            raise TypeError(f"{at}.{name}: must be a text, or an object with texts")
