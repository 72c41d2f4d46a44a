"""The state of an environment: records, workflow steps, the clock and ids."""
