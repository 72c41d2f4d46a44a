"""The migration from knockapi."""
