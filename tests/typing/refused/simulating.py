"""Uses of the simulator that must be refused where they are marked; read by type checkers only."""

from __future__ import annotations

from knock_sdk.testing import Simulator


def invalid_calls(sim: Simulator) -> None:
    sim.drop(when="later")  # refused
    sim.malform(kind="wet")  # refused
    sim.fail(503)  # refused
    sim.slow("users.get")  # refused
    sim.assert_sent("ana")  # refused
    sim.assert_triggered(recipients=["ana"])  # refused
    sim.outbox = []  # refused
