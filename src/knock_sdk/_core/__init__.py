"""The client's logic without I/O: nothing here waits or opens a socket."""
