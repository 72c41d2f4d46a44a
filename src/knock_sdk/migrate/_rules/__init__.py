"""What is changed, and what is listed."""
