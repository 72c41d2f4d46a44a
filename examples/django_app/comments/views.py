"""Views: a synchronous one that notifies, and an asynchronous one that reads a feed."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import JsonResponse
from django.views.decorators.http import require_GET, require_POST

from knock_sdk import KnockError

from .clients import async_knock
from .services import create_comment as save_comment

if TYPE_CHECKING:
    from django.http import HttpRequest

logger = logging.getLogger(__name__)


@login_required
@require_POST
def create_comment(request: HttpRequest) -> JsonResponse:
    """Save a comment; who is named in `notify` is notified when it is committed."""
    text = request.POST.get("text", "").strip()
    if not text or not isinstance(request.user, User):
        return JsonResponse({"error": "A comment needs a text."}, status=400)
    comment = save_comment(request.user, text, User.objects.filter(username__in=request.POST.getlist("notify")))
    return JsonResponse({"id": comment.pk}, status=201)


@login_required
@require_GET
async def notifications(request: HttpRequest) -> JsonResponse:
    """Return what a user has not read, without a thread that waits.

    Notifications are an addition to a page that is useful without them: if Knock does not respond within two seconds,
    the page has none.
    """
    user = await request.auser()
    try:
        page = await async_knock().users.feeds.list_items(
            str(user.pk), settings.KNOCK_FEED_CHANNEL_ID, status="unread", page_size=10, timeout=2
        )
    except KnockError:
        logger.exception("the feed of user %s is not available", user.pk)
        return JsonResponse({"available": False, "items": []})
    items = [{"workflow": item.source.key, "data": item.data} for item in page.items]
    return JsonResponse({"available": True, "items": items})
