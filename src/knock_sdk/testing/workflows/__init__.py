"""The workflow engine: runs and their steps, schedules, and triggers from audiences."""
