"""Tests of the simulator on a port."""
