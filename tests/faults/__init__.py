"""Faults and bad input: the behaviour of the client under each, in figures.

`python -m tests.faults` runs every row and prints its goal and outcome; `--peer` runs the vendor's client beside it.
Rows are numbered as in the table of `SECURITY.md`.
"""
