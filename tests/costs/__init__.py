"""What a call costs, in figures that no clock is needed for and that come out the same every time.

`python -m tests.costs` prints them for the running Python beside their bounds; the tests in this package hold them.
"""
