"""The steps of a workflow, as they are declared."""
