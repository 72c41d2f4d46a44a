"""What clients of APIs do when something goes wrong, side by side: the measured table of `docs/comparison.md`.

`python -m tests.comparison` tries each client that is installed against a server on this machine. The tests of this
folder hold the page against the two clients of Knock; the others are not installed by the project:

    pip install stripe openai slack_sdk
"""
