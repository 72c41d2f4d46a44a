"""Tests of the workflow engine, and of what starts runs."""
