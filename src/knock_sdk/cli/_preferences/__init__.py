"""Commands about preferences: their sets, and why a user would get a message or not."""
