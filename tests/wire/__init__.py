"""The clients on real sockets, against a scripted server on loopback."""
