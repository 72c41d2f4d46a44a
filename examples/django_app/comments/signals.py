"""Knock's users follow those of Django."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from .clients import knock

if TYPE_CHECKING:
    from knock_sdk.params import InlineIdentifyUserRequest


def identity(user: User) -> InlineIdentifyUserRequest:
    """Return what Knock is to know about a user."""
    return {"id": str(user.pk), "name": user.get_full_name() or user.get_username(), "email": user.email or None}


@receiver(post_save, sender=User)
def identify(instance: User, update_fields: frozenset[str] | None = None, **_: object) -> None:
    """Tell Knock of a user who is new or changed; a login changes only the field `last_login`."""
    if update_fields is None or set(update_fields) != {"last_login"}:
        user = identity(instance)
        transaction.on_commit(
            lambda: knock().users.update(user["id"], name=user["name"], email=user["email"]), robust=True
        )


@receiver(post_delete, sender=User)
def forget(instance: User, **_: object) -> None:
    """Have Knock delete a user who is deleted."""
    user_id = str(instance.pk)  # which the instance does not have any more when the transaction is committed
    transaction.on_commit(lambda: knock().users.delete(user_id), robust=True)
