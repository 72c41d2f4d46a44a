"""Tests: Django's test client, and a simulated Knock for each test."""

from __future__ import annotations

from io import StringIO
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from django.test import TestCase, TransactionTestCase
from django.urls import reverse

from knock_sdk.testing import Simulator

from .models import Comment
from .services import announce, create_comment

if TYPE_CHECKING:
    from unittest import TestCase as PlainTestCase

    from knock_sdk.testing import ReceivedRequest


def intercept(test: PlainTestCase) -> Simulator:
    """Return a simulator that the clients of the application reach until the test ends."""
    simulator = Simulator()
    simulator.workflow("comment-created", channels=["in_app_feed", "email"])
    interception = simulator.intercept()
    interception.__enter__()  # from Python 3.11 on: test.enterContext(simulator.intercept())
    test.addCleanup(interception.__exit__, None, None, None)
    return simulator


class CommentTests(TestCase):
    """Django's test case rolls back each test, so that a block must say where the commit would be."""

    def setUp(self) -> None:
        """Create two users, of whom Knock knows."""
        self.knock = intercept(self)
        with self.captureOnCommitCallbacks(execute=True):
            self.ellie = User.objects.create_user("ellie", "ellie@example.com")
            self.ian = User.objects.create_user("ian", "ian@example.com")
        self.client.force_login(self.ian)

    def test_a_comment_notifies_when_it_is_committed(self) -> None:
        with self.captureOnCommitCallbacks(execute=True):
            response = self.client.post("/comments", {"text": "Clever girl.", "notify": ["ellie"]})
            self.assertEqual(self.knock.triggers, [])
        self.assertEqual(response.status_code, 201)
        self.knock.assert_sent(to=str(self.ellie.pk), channel="email", contains="Clever girl.")

    def test_a_comment_without_text_is_refused(self) -> None:
        self.assertEqual(self.client.post("/comments", {"text": " "}).status_code, 400)

    def test_a_comment_of_the_admin_notifies_too(self) -> None:
        self.client.force_login(User.objects.create_superuser("ray"))
        with self.captureOnCommitCallbacks(execute=True):
            data = {"author": self.ian.pk, "text": "Hold on.", "notify": [self.ellie.pk]}
            response = self.client.post(reverse("admin:comments_comment_add"), data)
        self.assertRedirects(response, reverse("admin:comments_comment_changelist"))
        self.knock.assert_sent(to=str(self.ellie.pk), channel="email", contains="Hold on.")

    def test_knock_has_the_same_users(self) -> None:
        client = self.knock.client()
        with self.captureOnCommitCallbacks(execute=True):
            self.ellie.email = "sattler@example.com"
            self.ellie.save()
            number = self.ian.pk
            self.ian.delete()
        self.assertEqual(client.users.get(str(self.ellie.pk)).email, "sattler@example.com")
        self.assertNotIn(str(number), [user.id for user in client.users.list()])

    def test_a_login_is_nothing_to_tell(self) -> None:
        before = len(self.knock.requests)
        with self.captureOnCommitCallbacks(execute=True):
            self.client.force_login(self.ellie)
        self.assertEqual(len(self.knock.requests), before)


class CommitTests(TransactionTestCase):
    """Real transactions, which are committed and rolled back."""

    def setUp(self) -> None:
        """Create two users, of whom Knock knows."""
        self.knock = intercept(self)
        self.ellie, self.ian = (User.objects.create_user(name, f"{name}@example.com") for name in ("ellie", "ian"))

    def test_nobody_hears_of_a_comment_that_is_rolled_back(self) -> None:
        with self.assertRaises(ZeroDivisionError), transaction.atomic():
            create_comment(self.ian, "Welcome.", [self.ellie])
            raise ZeroDivisionError
        self.assertEqual(self.knock.triggers, [])
        create_comment(self.ian, "Welcome.", [self.ellie])
        self.knock.assert_sent(to=str(self.ellie.pk), channel="email", count=1)

    def test_a_comment_is_saved_though_knock_is_down(self) -> None:
        with (
            self.knock.fail("workflows.trigger", status=503, next=None),
            self.assertLogs("django.db.backends.base", "ERROR"),
        ):
            comment = create_comment(self.ian, "Run!", [self.ellie])
        self.assertEqual(Comment.objects.get(), comment)
        self.knock.assert_not_sent(to=str(self.ellie.pk))
        for _ in range(2):
            announce(comment.pk)  # later, and twice by mistake
        self.knock.assert_sent(to=str(self.ellie.pk), channel="email", count=1)


class FeedTests(TransactionTestCase):
    """The asynchronous view, with Django's asynchronous test client."""

    async def test_the_feed_of_a_user(self) -> None:
        knock = intercept(self)
        ellie = await User.objects.acreate_user("ellie")
        await self.async_client.aforce_login(ellie)
        recipient = {"id": str(ellie.pk)}
        knock.client().workflows.trigger("comment-created", recipients=[recipient], data={"comment": "Hello."})
        item = {"workflow": "comment-created", "data": {"comment": "Hello."}}
        response = await self.async_client.get("/notifications")
        self.assertEqual(response.json(), {"available": True, "items": [item]})
        with knock.slow(5, "users.feeds.list_items", next=None), self.assertLogs("comments.views", "ERROR"):
            response = await self.async_client.get("/notifications")
        self.assertEqual(response.json(), {"available": False, "items": []})

    async def test_the_feed_needs_a_login(self) -> None:
        response = await self.async_client.get("/notifications")
        self.assertEqual(response.status_code, 302)


class SyncUsersTests(TestCase):
    """The command `sync_users`."""

    def setUp(self) -> None:
        """Create users, of whom Knock does not hear: nothing is committed."""
        self.knock = intercept(self)
        User.objects.bulk_create(User(username=f"user-{n}", email=f"user-{n}@example.com") for n in range(1500))

    def test_all_users_are_sent(self) -> None:
        output = StringIO()
        call_command("sync_users", stdout=output)
        self.assertRegex(output.getvalue(), r"succeeded +1,500\n")
        self.assertEqual(len(self.knock.client().users.list().collect()), 1500)

    def test_the_command_goes_on_where_it_was_interrupted(self) -> None:
        def is_second(request: ReceivedRequest) -> bool:
            return b"user-1400@" in request.body

        with TemporaryDirectory() as folder:
            journal = f"{folder}/users.sqlite"
            with self.knock.fail(is_second, status=401, next=None), self.assertRaises(CommandError):
                call_command("sync_users", journal=journal)
            call_command("sync_users", journal=journal, stdout=StringIO())
        sent = [each.status for each in self.knock.requests if each.operation == "bulkIdentifyUsers"]
        self.assertEqual(sent, [200, 401, 200])
        self.assertEqual(len(self.knock.client().users.list().collect()), 1500)
