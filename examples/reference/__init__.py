"""An example of each method of the client: the bodies of these functions are shown in `docs/reference`."""
