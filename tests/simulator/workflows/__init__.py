"""Tests of the workflow engine: triggers, schedules, steps, cancellation and runs."""
