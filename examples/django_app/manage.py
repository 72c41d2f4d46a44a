"""A Django project that sends notifications, with synchronous and asynchronous views.

- `comments/services.py`: notifications of changes in the database, sent by `transaction.on_commit`
- `comments/signals.py`: Knock's users follow Django's
- `comments/views.py`: a view that notifies, and an asynchronous one that reads a feed
- `comments/management/commands/sync_users.py`: a command that sends all users to Knock, and can be resumed
- `comments/tests.py`: tests of all this

Without an account, start a simulated Knock first (`pip install 'knock-sdk[simulator]'`):

    python -m knock_sdk.testing --port 8400

and then the project, in its folder, with `pip install knock-sdk django uvicorn`:

    export KNOCK_API_KEY=sk_test KNOCK_BASE_URL=http://127.0.0.1:8400 DJANGO_DEBUG=1
    python manage.py migrate && python manage.py createsuperuser
    uvicorn project.asgi:application

Log in at http://127.0.0.1:8000/admin/, write a comment there, and look at http://127.0.0.1:8400, and at
http://127.0.0.1:8000/notifications as the user who was notified. With an account, set `KNOCK_API_KEY` and
`KNOCK_FEED_CHANNEL_ID` to those of your environment, and leave `KNOCK_BASE_URL` out. `python manage.py test` runs the
tests, which need neither.
"""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    execute_from_command_line(sys.argv)
