"""Decisions of the client: values in, values out; nothing here waits or opens a socket."""
