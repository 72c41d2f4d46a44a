"""A call of every operation, with what it must send and return, and transports that record what was sent."""
