"""Tests of the client's core, where no socket is opened."""
