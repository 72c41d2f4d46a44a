"""Tests of the simulator: each rule through both clients, and responses to raw requests."""
