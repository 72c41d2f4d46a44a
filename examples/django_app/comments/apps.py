"""The application of Django."""

from django.apps import AppConfig


class CommentsConfig(AppConfig):
    """Connects the signals."""

    name = "comments"

    def ready(self) -> None:
        """Connect the signals, by importing their receivers."""
        from . import signals  # noqa: F401
