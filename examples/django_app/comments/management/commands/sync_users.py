"""The command `sync_users`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comments.clients import knock
from comments.signals import identity
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from knock_sdk import KnockError

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """Sends all users to Knock, a thousand in a request: for the first time, or after Knock was not reachable."""

    help = "Send all users to Knock"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the path of the journal."""
        parser.add_argument("--journal", help="file with which the command, repeated, goes on where it was interrupted")

    def handle(self, *_: object, journal: str | None, **__: object) -> None:
        """Send the users, and print a report."""
        # Read a few at a time; in the order of their ids, in which the journal finds them again.
        users = User.objects.filter(is_active=True).order_by("pk").iterator(chunk_size=1000)
        try:
            report = knock().users.bulk.identify_many(map(identity, users), journal=journal)
        except KnockError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(str(report))
        if report.failed:
            raise CommandError(f"{report.failed} of the users were not accepted")
