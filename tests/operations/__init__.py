"""Every operation of the API: what a call sends, for both clients, held against the contract."""
