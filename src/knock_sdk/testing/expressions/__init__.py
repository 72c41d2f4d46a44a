"""Expressions in workflows: conditions, Liquid, Markdown and JSON schemas."""
