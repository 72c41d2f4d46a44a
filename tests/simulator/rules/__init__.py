"""The rules of Knock's documentation that the simulator relies on, each with its document and its test.

`python -m tests.simulator.rules` prints them as a table.
"""
