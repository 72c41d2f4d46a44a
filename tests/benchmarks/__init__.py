"""Speed and memory, side by side with code by hand, with the vendor's client and with other HTTP clients.

`python -m tests.benchmarks` measures every row against a server on this machine and prints ratios. Other HTTP clients
are measured if they are installed. By default niquests replaces urllib3, with a file that runs in every process and
falsifies the rows of starts; this installs it without:

    URLLIB3_NO_OVERRIDE=1 pip install pycurl pyreqwest aiohttp niquests --no-binary urllib3-future

With all of them, this writes the figures, the picture and the page about speed:

    python -m tests.benchmarks --json tests/benchmarks/results.json --plot docs/images/speed.svg --page docs/speed.md

`--beside DIRECTORY` compares with another checkout of this project; `soak` is a separate, long measurement. The tests
of this folder check the machinery and no timing.
"""
