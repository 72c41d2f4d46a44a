"""Receive events from Knock with Django; the secret of the webhook is in KNOCK_WEBHOOK_SECRET.

In a project of yours, only the view and its URL are needed. Run this file with `python django_app.py runserver`.
"""

from __future__ import annotations

import sys

from django.conf import settings
from django.core.management import execute_from_command_line
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from knock_sdk import webhooks


@csrf_exempt
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Check the signature, handle the event, and respond."""
    try:
        event = webhooks.unwrap(request.body, request.headers)
    except webhooks.WebhookError as error:
        return HttpResponse(str(error), status=400)
    match event:
        case webhooks.MessageBounced(data=message, event_data=details):
            print(f"{message.recipient}: bounced ({details.failure_details if details else 'unknown'})")
        case webhooks.MessageLinkClicked(data=message):
            print(f"{message.recipient}: followed a link")
        case _:
            pass
    return HttpResponse(status=204)


urlpatterns = [path("webhooks/knock", receive)]

if not settings.configured:
    settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, SECRET_KEY="only for this example")  # noqa: S106

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
