"""Bytes on the wire: addresses, sockets, TLS, proxies, HTTP/1.1, and what the system raises."""
