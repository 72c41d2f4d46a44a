"""A page on which users choose what to be notified of, opened by a link such as an email has in its footer.

Without an account, start a simulated Knock first (`pip install 'knock-sdk[simulator]'`):

    python -m knock_sdk.testing --port 8400

and then the page, in the folder `examples`, with `pip install knock-sdk flask`:

    export KNOCK_API_KEY=sk_test KNOCK_BASE_URL=http://127.0.0.1:8400 SECRET_KEY=$(openssl rand -hex 32)
    flask --app preferences_page.app link ellie
    flask --app preferences_page.app run

Open the link that the second command prints, and look at http://127.0.0.1:8400/users/ellie after saving. With an
account, set `KNOCK_API_KEY`, leave `KNOCK_BASE_URL` out, and adapt `ROWS` to the categories of your workflows.
`pytest preferences_page` runs the tests, which need neither.
"""
