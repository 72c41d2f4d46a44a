"""The state, copied in memory and stored in files."""
