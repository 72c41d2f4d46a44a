"""What the application does: the same for views, the admin and commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from .clients import knock
from .models import Comment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import User


def create_comment(author: User, text: str, notify: Iterable[User]) -> Comment:
    """Save a comment, and notify when the transaction is committed."""
    with transaction.atomic():
        comment = Comment.objects.create(author=author, text=text)
        comment.notify.set(notify)
        announce_on_commit(comment)
    return comment


def announce_on_commit(comment: Comment) -> None:
    """Notify of a comment once it is committed: nobody hears of one that was rolled back.

    The comment is saved then, so that an error of Knock must not become one of the request: with `robust`, Django logs
    it. Where no notification may be lost, have `on_commit` send the id to a queue instead, as in celery_app.
    """
    # A lambda and no `partial`: Django's log needs the name of a function.
    transaction.on_commit(lambda: announce(comment.pk), robust=True)


def announce(comment_id: int) -> None:
    """Notify of a comment."""
    comment = Comment.objects.select_related("author").get(pk=comment_id)
    recipients = [str(pk) for pk in comment.notify.values_list("pk", flat=True)]
    if recipients:
        knock().workflows.trigger(
            "comment-created",
            recipients=recipients,
            actor=str(comment.author.pk),
            data={"comment": comment.text},
            # Derived from the comment: whoever announces it again, within 24 hours, notifies nobody twice.
            idempotency_key=f"comment-created/{comment.pk}",
        )
