"""Long measurements, apart from the tests: they take minutes and the machine to themselves."""
