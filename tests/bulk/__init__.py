"""Bulk jobs: what they send, what they do about faults, and how they go on."""
