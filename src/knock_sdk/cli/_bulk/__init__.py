"""`knock-sdk bulk`: files into Knock, lists out of it, and what has become of that."""
