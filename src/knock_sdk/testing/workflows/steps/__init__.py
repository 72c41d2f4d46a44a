"""Steps of workflows: what each type does when a run comes to it."""
