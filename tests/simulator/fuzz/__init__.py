"""Schemathesis against the simulator's server: `python -m tests.simulator.fuzz`."""
