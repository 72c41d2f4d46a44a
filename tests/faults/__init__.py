"""Faults and bad input: what the client does under each, as figures.

`python -m tests.faults` runs every row and prints goal and outcome; `--peer` runs the vendor's client beside it. The
rows are numbered as in the table of `SECURITY.md`.
"""
