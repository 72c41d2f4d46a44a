"""The project as others meet it: distributions, dependencies, workflows of GitHub, and the public API.

`python -m tests.packaging` runs the checks that take minutes, `python -m tests.packaging.public_api` records the API,
and `python -m tests.packaging.breaking_changes v1.0.0` compares it with that of a tag.
"""
