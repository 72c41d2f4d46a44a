"""One message as its receiver sees it, with what happened to it and what can be done with it."""
