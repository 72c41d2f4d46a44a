"""Settings of gunicorn: processes that share what was loaded before, each with several threads."""

bind = "127.0.0.1:8000"
workers = 2
worker_class = "gthread"
threads = 8
# The application, and with it the Knock client, is made once, before gunicorn forks its workers. A client may be used
# after a fork: each worker opens connections of its own.
preload_app = True
# Longer than the time limit of a call, so that no worker is killed within one.
timeout = 30
accesslog = "-"
access_log_format = "%(p)s %(m)s %(U)s %(s)s"
