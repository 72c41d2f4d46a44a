"""The page: a table of categories and channels, whose changes are merged into the user's preference set."""

from __future__ import annotations

import os
from http import HTTPStatus
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

import click
from flask import Flask, abort, current_app, redirect, render_template, request, url_for
from itsdangerous import BadSignature, URLSafeTimedSerializer

from knock_sdk import NOT_GIVEN, APIConnectionError, InternalServerError, Knock, RateLimitError

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as Redirection

    from knock_sdk.params import PreferenceSetChannelTypes, PreferenceSetWorkflowCategorySetting
    from knock_sdk.types import PreferenceSet

Channel: TypeAlias = Literal["in_app_feed", "email", "sms"]
CHANNELS: dict[Channel, str] = {"in_app_feed": "In the app", "email": "Email", "sms": "Text message"}
NEWS = "news"
"""Name of the field for commercial messages, which are a setting of their own."""
PUBLIC_URL = os.environ.get("PUBLIC_URL", "http://127.0.0.1:5000")
LINKS_LAST = 90 * 24 * 60 * 60
"""Seconds for which a link is valid."""


class Row(NamedTuple):
    """A category of workflows, and the channels on which they notify."""

    category: str
    title: str
    explanation: str
    channels: tuple[Channel, ...]

    def field(self, channel: Channel) -> str:
        """Return the name of the field of a channel."""
        return f"{self.category}.{channel}"


ROWS = [
    Row("collaboration", "Comments and tasks", "Somebody comments, or assigns a task to you", ("in_app_feed", "email")),
    Row("direct", "Mentions", "Somebody mentions you by name", ("in_app_feed", "email", "sms")),
    Row("billing", "Bills", "An invoice is due, or a payment has failed", ("in_app_feed", "email", "sms")),
]


def create_app() -> Flask:
    """Create the application, with one client for all threads of a process."""
    app = Flask(__name__)
    app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]  # signs the links
    app.extensions["knock"] = Knock(timeout=10)
    app.add_url_rule("/preferences/<token>", view_func=show)
    app.add_url_rule("/preferences/<token>", view_func=save, methods=["POST"])
    app.cli.command("link")(print_link)
    app.after_request(keep_private)
    for kind in (APIConnectionError, InternalServerError, RateLimitError):
        app.register_error_handler(kind, respond_later)
    return app


def knock() -> Knock:
    """Return the client of the application."""
    client: Knock = current_app.extensions["knock"]
    return client


def links() -> URLSafeTimedSerializer:
    """Return what signs and reads links: whoever has one can change this user's preferences, and nothing else."""
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="preferences")


@click.argument("user_id")
def print_link(user_id: str) -> None:
    """Print the link to a user's page. Your application puts it into the data of triggers, for the footer of emails."""
    print(f"{PUBLIC_URL}/preferences/{links().dumps(user_id)}")


def read_user(token: str) -> str:
    """Return the user of a link; an invalid or old one is not found."""
    try:
        user: str = links().loads(token, max_age=LINKS_LAST)
    except BadSignature:
        abort(HTTPStatus.NOT_FOUND, "This link is not valid any more. Please open a newer one.")
    return user


def show(token: str) -> str:
    """Show what a user has chosen. Knock knows only deviations: what is not set is wanted."""
    chosen = knock().users.get_preferences(read_user(token), "default")
    shown = {row.field(channel) for row in ROWS for channel in row.channels if wants(chosen, row, channel)}
    if chosen.commercial_subscribed is not False:
        shown.add(NEWS)
    return render_template("preferences.html", rows=ROWS, channels=CHANNELS, shown=shown, news=NEWS)


def wants(chosen: PreferenceSet, row: Row, channel: Channel) -> bool:
    """Return whether a user wants a category on a channel. A setting under conditions counts as wanted."""
    setting = (chosen.categories or {}).get(row.category)
    if setting is None or isinstance(setting, bool):
        return setting is not False
    return getattr(setting.channel_types, channel, None) is not False


def save(token: str) -> Redirection:
    """Save what a user has changed on the page, and nothing else.

    The form has what it showed, so that a page that was open for a while does not undo what was changed elsewhere
    meanwhile. Settings that the page does not show, and conditions, stay as they are: changes are merged.
    """
    user = read_user(token)
    shown, wanted = set(request.form.getlist("shown")), set(request.form.getlist("wanted"))
    changed = shown ^ wanted
    client = knock()
    chosen = client.users.get_preferences(user, "default")
    categories: dict[str, PreferenceSetWorkflowCategorySetting] = {}
    for row in ROWS:
        fields = {row.field(channel): channel for channel in row.channels}
        if not changed & fields.keys():
            continue
        channel_types: PreferenceSetChannelTypes = {}
        whole = (chosen.categories or {}).get(row.category)
        if isinstance(whole, bool):
            # Merging replaces this boolean by an object, which therefore has to say the same first.
            channel_types = on_all_channels(wanted=whole)
        for field in changed & fields.keys():
            channel_types[fields[field]] = field in wanted
        categories[row.category] = {"channel_types": channel_types}
    if categories or NEWS in changed:
        client.users.set_preferences(
            user,
            "default",
            categories=categories or NOT_GIVEN,
            commercial_subscribed=NEWS in wanted if NEWS in changed else NOT_GIVEN,
            _persistence_strategy="merge",
        )
    return redirect(url_for("show", token=token, saved="yes"), HTTPStatus.SEE_OTHER)


def on_all_channels(*, wanted: bool) -> PreferenceSetChannelTypes:
    """Return the same setting for each type of channel, also for those that the page does not show."""
    return {"chat": wanted, "email": wanted, "http": wanted, "in_app_feed": wanted, "push": wanted, "sms": wanted}


def keep_private(response: Response) -> Response:
    """Keep links, which are secret, from other sites and caches; and forms of other sites from the page."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; img-src data:"
    )
    return response


def respond_later(error: Exception) -> tuple[str, int]:
    """Respond when Knock cannot be reached, or cannot take a call at present; saving again is safe."""
    current_app.logger.error("Knock is unavailable: %s", error)
    return "Your preferences are not available at present. Please try again in a moment.", 503
