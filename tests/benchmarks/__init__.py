"""Speed and memory, side by side with code by hand, with the vendor's client and with other HTTP clients.

`python -m tests.benchmarks` measures every row against a server on this machine and prints ratios. Other HTTP clients
are measured if they are installed: `pip install pycurl pyreqwest aiohttp niquests`. With all of them, this writes the
figures, the picture and the README:

    python -m tests.benchmarks --json tests/benchmarks/results.json --plot tests/benchmarks/results.svg \\
        --readme README.md

`--beside DIRECTORY` compares with another checkout of this project; `soak` is a separate, long measurement. The tests
of this folder check the machinery and no timing.
"""
