"""The cost of calls, in figures that need no clock and are the same in every run.

`python -m tests.costs` prints the figures of the running Python beside their bounds; the tests of this package check
them.
"""
