"""What all steps share: the context of a run, its history and ends, settings and time zones."""
