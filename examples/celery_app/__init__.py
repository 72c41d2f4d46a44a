"""A Celery application that sends notifications: no task is lost, and none notifies twice.

Without an account, start a simulated Knock first (`pip install 'knock-sdk[simulator]'`), and Redis:

    python -m knock_sdk.testing --port 8400

and then a worker, in the folder `examples`, with `pip install knock-sdk 'celery[redis]'`:

    export KNOCK_API_KEY=sk_test KNOCK_BASE_URL=http://127.0.0.1:8400 REDIS_URL=redis://127.0.0.1:6379/0
    celery -A celery_app.tasks worker --concurrency 4

Your application calls `announce.delay(…)`; from a shell, this does the same:

    celery -A celery_app.tasks call celery_app.tasks.announce --args '["c1", "Clever girl.", ["ellie"]]'

http://127.0.0.1:8400 shows what was sent. With an account, set `KNOCK_API_KEY` and leave `KNOCK_BASE_URL` out.
`pytest celery_app` runs the tests, which need neither Knock nor Redis. For imports of many users, see the folder
`distributed`.
"""
