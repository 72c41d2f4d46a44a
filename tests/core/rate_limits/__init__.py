"""Rate limits: times, lines and scopes."""
