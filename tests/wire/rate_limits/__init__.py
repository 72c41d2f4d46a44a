"""Rate limits that the client keeps, over sockets."""
