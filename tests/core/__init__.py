"""The client's core: values in, values out; nothing here opens a socket."""
