"""Work after a response: due actions, bulk operations, deletions."""
