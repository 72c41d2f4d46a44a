"""Tests of the simulator as a server: ASGI, the command, the control endpoints."""
