"""The workflow engine: runs and their steps, and what starts them."""
