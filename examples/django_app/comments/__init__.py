"""Comments, and the notifications that they cause."""
