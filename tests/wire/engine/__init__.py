"""The default engine: connections, proxies, TLS, processes, event loops."""
