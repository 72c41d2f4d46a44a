"""Rate limits that several processes keep together."""
