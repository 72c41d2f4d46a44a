"""Models: comments. Fields are annotated, so that type checkers know their values without Django's plugin."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import models


class Comment(models.Model):
    """A comment, and the users to notify of it."""

    author: models.ForeignKey[User, User] = models.ForeignKey(User, on_delete=models.CASCADE, related_name="comments")
    text: models.TextField[str, str] = models.TextField()
    notify: models.ManyToManyField[User, User] = models.ManyToManyField(User, blank=True, related_name="+")

    def __str__(self) -> str:
        """Return the beginning of the text."""
        return self.text[:50]
