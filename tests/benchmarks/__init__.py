"""Speed and memory, side by side with code by hand and with the vendor's client.

`python -m tests.benchmarks` measures every row against a server on this machine and prints ratios; `soak` is a
separate, long measurement. The tests of this folder check the machinery and no timing.
"""
