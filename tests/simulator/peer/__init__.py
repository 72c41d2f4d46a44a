"""The vendor's own clients, in Python and in JavaScript, against the simulator: every method is called."""
