"""The Celery example, with a broker that gives the tasks of a lost machine to another one after seconds."""

from __future__ import annotations

from celery_import import app  # the worker finds it in the folder of the examples

app.conf.broker_transport_options = {
    "visibility_timeout": 8,
    # How often it looks: every second instead of every hundred.
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 1,
}
