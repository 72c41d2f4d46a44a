"""Commands about messages: lists of them, one as its receiver sees it, and marks."""
