"""Liquid: the language, its filters and tags, partials, translations, Markdown, and the variables of templates."""
