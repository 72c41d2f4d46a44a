"""What the expressions of a source are, as far as that concerns a client."""
