"""The clients on real sockets: a scripted server on loopback, and what it must see and they must say."""
