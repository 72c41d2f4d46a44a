"""Routes of the application: comments, profiles, tokens for browsers, and events from Knock."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import ceil
from typing import Annotated
from uuid import uuid4

from fastapi import BackgroundTasks, Depends, FastAPI, Header, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from knock_sdk import (
    APIConnectionError,
    AsyncKnock,
    InternalServerError,
    KnockError,
    RateLimitError,
    Workflow,
    user_tokens,
    webhooks,
)

logger = logging.getLogger(__name__)


class CommentCreated(BaseModel):
    """Data that the templates of the workflow `comment-created` read."""

    document_id: str
    comment: str


COMMENT_CREATED = Workflow("comment-created", data=CommentCreated)


class NewComment(BaseModel):
    """A comment, and the users to notify of it: `workflows.trigger` takes up to 1,000."""

    text: Annotated[str, Field(min_length=1, max_length=2000)]
    notify: Annotated[list[str], Field(max_length=1000)] = []


class Comment(NewComment):
    """A comment that was saved."""

    id: str
    document_id: str
    author: str


class Profile(BaseModel):
    """What users can change about themselves."""

    name: Annotated[str, Field(min_length=1)]
    email: str
    email_bounced: bool = False


class Database:
    """Stands for your database."""

    def __init__(self) -> None:
        """Start without anything."""
        self.comments: dict[str, Comment] = {}
        self.profiles: dict[str, Profile] = {}


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open one client for the process, so that requests share its connections, and close it at the end."""
    app.state.database = Database()
    # A request of a user waits for some of the calls below: better a quick error than an answer after a minute.
    async with AsyncKnock(timeout=10) as knock:
        app.state.knock = knock
        yield


app = FastAPI(lifespan=lifespan)


def get_knock(request: Request) -> AsyncKnock:
    """Return the client of the process."""
    knock: AsyncKnock = request.app.state.knock
    return knock


def get_database(request: Request) -> Database:
    """Return the database."""
    database: Database = request.app.state.database
    return database


def get_user(x_forwarded_user: Annotated[str, Header()]) -> str:
    """Return the user who has logged in, as an authenticating proxy says, such as oauth2-proxy: use your own way."""
    return x_forwarded_user


KnockClient = Annotated[AsyncKnock, Depends(get_knock)]
Data = Annotated[Database, Depends(get_database)]
User = Annotated[str, Depends(get_user)]


@app.post("/documents/{document_id}/comments", status_code=201)
async def create_comment(
    document_id: str, new: NewComment, user: User, data: Data, knock: KnockClient, background: BackgroundTasks
) -> Comment:
    """Save a comment, respond, and then notify."""
    comment = Comment(id=uuid4().hex, document_id=document_id, author=user, **new.model_dump())
    data.comments[comment.id] = comment
    if comment.notify:
        background.add_task(announce, knock, comment)
    return comment


async def announce(knock: AsyncKnock, comment: Comment) -> None:
    """Notify users of a comment."""
    try:
        await knock.workflows.trigger(
            COMMENT_CREATED,
            recipients=comment.notify,
            actor={"id": comment.author},  # an object, so that Knock creates an author without a profile
            data=CommentCreated(document_id=comment.document_id, comment=comment.text),
            # Derived from the comment: whoever announces it again, within 24 hours, notifies nobody twice.
            idempotency_key=f"comment-created/{comment.id}",
            # Nobody waits for this call, so that it may take longer.
            timeout=60,
        )
    except KnockError:
        # The client has tried several times. The comment is saved and the response is sent, so that this can only be
        # logged. A background task ends with its process; where no notification may be lost, use a queue: celery_app.
        logger.exception("comment %s was not announced", comment.id)


@app.put("/me")
async def update_profile(profile: Profile, user: User, data: Data, knock: KnockClient) -> Profile:
    """Save a profile, and tell Knock of it within the request: an error is the user's to know, who can try again."""
    await knock.users.update(user, name=profile.name, email=profile.email)
    data.profiles[user] = profile.model_copy(update={"email_bounced": False})
    return data.profiles[user]


@app.get("/me")
async def get_profile(user: User, data: Data) -> Profile:
    """Return a profile."""
    if (profile := data.profiles.get(user)) is None:
        raise HTTPException(404, "You have no profile yet.")
    return profile


@app.post("/knock-token")
def create_token(user: User) -> dict[str, str]:
    """Sign a token with which the user's browser can read the user's own feed, beside the public key."""
    return {"token": user_tokens.sign_user_token(user, expires_in=900)}


@app.post("/webhooks/knock", status_code=204)
async def receive_event(request: Request, data: Data) -> Response:
    """Check that an event comes from Knock, and note addresses that do not work.

    Knock may send an event twice, and in any order: to note it again changes nothing.
    """
    try:
        event = webhooks.unwrap(await request.body(), request.headers)
    except webhooks.WebhookError as error:
        raise HTTPException(400, str(error)) from error
    match event:
        case webhooks.MessageBounced(data=message) if message.channel.type == "email":
            if isinstance(message.recipient, str) and (profile := data.profiles.get(message.recipient)):
                profile.email_bounced = True
        case _:
            pass
    return Response(status_code=204)


async def respond_later(_: Request, error: Exception) -> JSONResponse:
    """Respond to the user when Knock cannot be reached, or cannot take a call at present.

    Other errors of Knock, such as a refused argument or key, are mistakes of the application: they become a 500, and
    their traceback is logged.
    """
    logger.error("Knock is unavailable: %s", error)
    wait = error.retry_after if isinstance(error, RateLimitError) else None
    headers = {} if wait is None else {"Retry-After": str(ceil(wait))}
    return JSONResponse({"detail": "Please try again in a moment."}, 503, headers)


for kind in (APIConnectionError, InternalServerError, RateLimitError):
    app.add_exception_handler(kind, respond_later)
