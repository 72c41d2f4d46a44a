"""Tests of the container: its Dockerfile, as far as it can be run without a container engine, and its example."""
