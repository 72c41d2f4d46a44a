"""A user's in-app feed: a list in a pipe, and a view that scrolls in a terminal."""
