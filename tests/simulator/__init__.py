"""The simulator: each rule through both clients, and what it answers to requests as bytes."""
