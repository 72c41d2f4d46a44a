"""The vendor's own clients, in Python and in JavaScript, against the simulator: each method writes or reads."""
