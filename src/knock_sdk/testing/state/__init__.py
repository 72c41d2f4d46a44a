"""State of an environment: records, steps of workflows, the clock and ids."""
