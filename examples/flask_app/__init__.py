"""A Flask application that sends notifications, in gunicorn workers that are forked from one process.

Without an account, start a simulated Knock first (`pip install 'knock-sdk[simulator]'`):

    python -m knock_sdk.testing --port 8400 --webhook http://127.0.0.1:8000/webhooks/knock --webhook-secret test

and then the application, in the folder `examples`, with `pip install 'knock-sdk[tokens]' flask gunicorn`:

    export KNOCK_API_KEY=sk_test KNOCK_BASE_URL=http://127.0.0.1:8400 KNOCK_WEBHOOK_SECRET=test
    gunicorn --config flask_app/gunicorn_conf.py 'flask_app.app:create_app()'

    curl -X POST localhost:8000/orders/1001/ship -H 'X-Forwarded-User: ellie'
    curl localhost:8000/notifications -H 'X-Forwarded-User: ellie'

http://127.0.0.1:8400 shows what was sent. With an account, set `KNOCK_API_KEY`, `KNOCK_WEBHOOK_SECRET` and
`KNOCK_FEED_CHANNEL_ID` to those of your environment, `KNOCK_SIGNING_KEY` for user tokens, and leave `KNOCK_BASE_URL`
out. `pytest flask_app` runs the tests, which need neither.
"""
