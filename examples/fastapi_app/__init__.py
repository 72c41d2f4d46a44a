"""A FastAPI application that sends notifications: one client for the process, and what surrounds it.

Without an account, start a simulated Knock first (`pip install 'knock-sdk[simulator]'`):

    python -m knock_sdk.testing --port 8400 --webhook http://127.0.0.1:8000/webhooks/knock --webhook-secret test

and then the application, in the folder `examples`, with `pip install 'knock-sdk[tokens]' fastapi uvicorn`:

    export KNOCK_API_KEY=sk_test KNOCK_BASE_URL=http://127.0.0.1:8400 KNOCK_WEBHOOK_SECRET=test
    uvicorn fastapi_app.app:app

    curl -X PUT localhost:8000/me -H 'X-Forwarded-User: ellie' --json '{"name": "Ellie", "email": "ellie@example.com"}'
    curl localhost:8000/documents/d1/comments -H 'X-Forwarded-User: ian' --json '{"text": "Hi!", "notify": ["ellie"]}'

http://127.0.0.1:8400 shows what was sent. With an account, set `KNOCK_API_KEY` and `KNOCK_WEBHOOK_SECRET` to those of
your environment, `KNOCK_SIGNING_KEY` for user tokens, and leave `KNOCK_BASE_URL` out. `pytest fastapi_app` runs the
tests, which need neither.
"""
