"""Commands that send: triggers, cancellations, schedules."""
