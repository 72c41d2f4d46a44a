"""Comments in the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin

from .models import Comment
from .services import announce_on_commit

if TYPE_CHECKING:
    from django.forms import ModelForm
    from django.http import HttpRequest

    CommentModelAdmin = admin.ModelAdmin[Comment]
else:
    CommentModelAdmin = admin.ModelAdmin  # it has a parameter in stubs alone


@admin.register(Comment)
class CommentAdmin(CommentModelAdmin):
    """Comments that are written in the admin notify too."""

    def save_related(self, request: HttpRequest, form: ModelForm[Comment], formsets: object, change: bool) -> None:
        """Save a comment and the users to notify; the admin does so in a transaction."""
        super().save_related(request, form, formsets, change)
        if not change:
            announce_on_commit(form.instance)
