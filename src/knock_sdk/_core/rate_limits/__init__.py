"""Rate limits that the client keeps by itself: who shares them, and when a request's turn comes."""
