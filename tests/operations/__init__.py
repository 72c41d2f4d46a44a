"""Every operation of the API: the requests of both clients, checked against the contract."""
