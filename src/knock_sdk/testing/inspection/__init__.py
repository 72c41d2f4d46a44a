"""Methods of the simulator that query, and assert on, messages, skips, triggers and requests."""
