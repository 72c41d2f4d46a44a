"""Declarations of tests: channels, workflows, audiences, guides and faults."""
