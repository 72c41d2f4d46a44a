"""Files that the command line tool of Knock has pulled: reading them, and what their steps mean."""
