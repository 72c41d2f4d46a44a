"""Speed and memory, side by side with code written by hand and with the vendor's client.

`python -m tests.benchmarks` runs every row against a server on this machine and prints ratios; `soak` is a long
measurement of its own. None of it is a test of timing: those that run with the tests look at the machinery alone.
"""
