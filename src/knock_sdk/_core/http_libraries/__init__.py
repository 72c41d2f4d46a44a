"""Clients of HTTP libraries that an application gives: what they are, what they raise, how far a request got."""
