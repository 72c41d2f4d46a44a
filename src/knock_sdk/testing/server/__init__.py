"""The simulator on a port."""
