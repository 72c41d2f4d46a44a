"""Tests of what goes over the wire: HTTP/1.1, addresses, proxies, TLS."""
