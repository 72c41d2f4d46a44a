"""Files: sources, notebooks, and lists of dependencies."""
